import { type DataAccess, requireOk } from './data-access.ts'

const PAGE_ITEMS = 1_000

interface Page {
  readonly paging: { readonly last?: string }
  readonly items: readonly object[]
}

/** All items of a Base, in pages. */
export async function* readBase(
  data: DataAccess,
  collectionId: string,
  base: string,
): AsyncGenerator<readonly object[]> {
  for (let last: string | undefined; ;) {
    const body = JSON.stringify({ limit: PAGE_ITEMS, last })
    const answer = await data.call({
      service: 'base',
      collectionId,
      name: base,
      method: 'POST',
      path: '/query',
      body,
    })
    const page = (await (await requireOk(answer, `The Base ${base} could not be read`)).json()) as Page
    if (page.items.length > 0) yield page.items
    last = page.paging.last
    if (last === undefined) return
  }
}
