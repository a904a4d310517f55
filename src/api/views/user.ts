import type { User } from '../../people/index.ts'

/** A person, as the API shows them to themselves. */
export const userAnswer = ({ id, username }: User) => ({ id, username })
