const PER_PAGE = 25
const PER_PAGE_MAX = 100

export const limitOf = ({ per_page }: { per_page?: number | undefined }): number =>
  Math.min(per_page ?? PER_PAGE, PER_PAGE_MAX)

/** The paging object of a list (COMPAT 3.7). */
export const page = (items: readonly unknown[]) => ({ size: items.length, last: null })
