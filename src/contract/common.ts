import { z } from 'zod'

/** ISO 8601 in UTC. */
export const time = z.iso.datetime()

/** Query of a list. Lists are short here, so there is one page: the newest `per_page`. */
export const paging = z.object({
  per_page: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: '25 without it; 100 at most.' }),
})

/** The paging object of a list (COMPAT 3.7). */
export const page = z
  .strictObject({
    size: z.int().meta({ description: 'How many are in this answer.' }),
    last: z.null().meta({ description: 'There is one page only.' }),
  })
  .meta({ id: 'Page' })

export const followQuery = z.object({
  follow: z.stringbool().default(false).meta({
    description: 'Keep the answer open, and send each line when it is written, until the log ends.',
  }),
})

export const operationStatus = z
  .enum(['pending', 'running', 'complete', 'failed', 'internal-error'])
  .meta({ id: 'OperationStatus', description: '`pending` and `running` may still change.' })

export const failure = z
  .string()
  .nullable()
  .meta({ description: 'One sentence for the developer; null unless it failed.' })

export const EXAMPLE_TIME = '2026-11-21T12:00:00.000Z'
export const EXAMPLE_PAGE = { size: 1, last: null } as const
