import { z } from 'zod'

const PER_PAGE = 25
const PER_PAGE_MAX = 100

/** Query of a list. Lists are short here, so there is one page: the newest `per_page`. */
export const paging = z.object({ per_page: z.coerce.number().int().positive().optional() })

export const limitOf = ({ per_page }: z.infer<typeof paging>): number =>
  Math.min(per_page ?? PER_PAGE, PER_PAGE_MAX)

/** The paging object of a list (COMPAT 3.7). */
export const page = (items: readonly unknown[]) => ({ size: items.length, last: null })
