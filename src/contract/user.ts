import { z } from 'zod'

/** A person, as the API shows them to themselves. */
export const user = z.strictObject({ id: z.string(), username: z.string() }).meta({ id: 'User' })

export const EXAMPLE_USER = { id: 'usr_4kq2xv7c3m', username: 'ada' } as const
