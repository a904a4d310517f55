import { z } from 'zod'

/** ISO 8601 in UTC. */
export const time = z.iso.datetime()

/** Query of a list, which has one page only: the newest `per_page`. */
export const paging = z.object({
  per_page: z.coerce.number().int().positive().optional().meta({ description: 'Default 25; 100 at most.' }),
})

/** The paging object of a list (COMPAT 3.7). */
export const page = z
  .strictObject({
    size: z.int().meta({ description: 'Number of items in this answer.' }),
    last: z.null().meta({ description: 'Always null: there is one page only.' }),
  })
  .meta({ id: 'Page' })

export const followQuery = z.object({
  follow: z.stringbool().default(false).meta({
    description: 'Keep the response open until the log ends, and send each line when it is written.',
  }),
})

export const operationStatus = z.enum(['pending', 'running', 'complete', 'failed', 'internal-error']).meta({
  id: 'OperationStatus',
  description: '`pending` and `running` can still change; the others are final.',
})

export const failure = z
  .string()
  .nullable()
  .meta({ description: 'One sentence for the developer; null unless the operation failed.' })

export const EXAMPLE_TIME = '2026-11-21T12:00:00.000Z'
export const EXAMPLE_PAGE = { size: 1, last: null } as const
