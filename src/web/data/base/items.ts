import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query'
import { ApiError, api } from '../../api/client.ts'
import { queryClient } from '../../api/queries.ts'
import { type Fields, fieldsOf } from './columns.ts'
import { type Search, queryOf } from './search.ts'
import type { Item } from './value.ts'

export interface BaseRef {
  readonly collectionId: string
  readonly base: string
}

export type Sort = 'asc' | 'desc'

export interface ItemPage {
  readonly items: readonly Item[]
  readonly fields: Fields
  /** Null: nothing more matches. */
  readonly last: string | null
}

/** Enough for a few screens; the server ends a page earlier when the items are large. */
const PAGE_ITEMS = 1_000
/** The page holds no more items than this: a search, or a later start, shows the others. */
export const ITEMS_MAX = 200_000

export interface Listing extends BaseRef {
  readonly search: Search
  readonly sort: Sort
  /** Only what comes after this key. */
  readonly from: string | null
}

export const itemsQuery = ({ collectionId, base, search, sort, from }: Listing) =>
  infiniteQueryOptions({
    queryKey: ['items', collectionId, base, search, sort, from],
    initialPageParam: from,
    queryFn: async ({ pageParam, signal }) => {
      const page = await readPage({ collectionId, base, search, sort, from }, pageParam)
      signal.throwIfAborted()
      return page
    },
    getNextPageParam: ({ last }: ItemPage) => last,
    // A person refreshes; an update below their cursor would disturb them.
    staleTime: Infinity,
    gcTime: 60_000,
  })

async function readPage(
  { collectionId, base, search, sort, from }: Listing,
  last: string | null,
): Promise<ItemPage> {
  const at = { collectionId, base }
  const isFirst = last === from
  const [byKey, found] = await Promise.all([
    search.kind === 'text' && isFirst ? getItem(at, search.text) : null,
    listItems(at, { query: queryOf(search), sort, last: last ?? undefined }),
  ])
  const items = byKey ? [byKey, ...found.items.filter(({ key }) => key !== byKey['key'])] : found.items
  return { items, fields: fieldsOf(items), last: found.last }
}

async function listItems(
  { collectionId, base }: BaseRef,
  { query, ...body }: { query: unknown; sort: Sort; last: string | undefined },
): Promise<{ items: readonly Item[]; last: string | null }> {
  if (query === null) return { items: [], last: null }
  const { items, paging } = await api('POST /collections/:id/base/query', {
    params: { id: collectionId },
    query: { base },
    body: { ...body, query, limit: PAGE_ITEMS },
  })
  return { items, last: paging.last ?? null }
}

async function getItem({ collectionId, base }: BaseRef, key: string): Promise<Item | null> {
  try {
    return await api('GET /collections/:id/base/item', { params: { id: collectionId }, query: { base, key } })
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

/** Changes the items that the page holds, without reading them again. `change`: null removes the item. */
export function patchLoaded({ collectionId, base }: BaseRef, change: (item: Item) => Item | null): void {
  queryClient.setQueriesData<InfiniteData<ItemPage, string | null>>(
    { queryKey: ['items', collectionId, base] },
    (data) => data && { ...data, pages: data.pages.map((page) => patchPage(page, change)) },
  )
}

function patchPage(page: ItemPage, change: (item: Item) => Item | null): ItemPage {
  const items = page.items.map(change).filter((item) => item !== null)
  return { ...page, items, fields: fieldsOf(items) }
}

/** Reads from the start again. */
export const reloadItems = ({ collectionId, base }: BaseRef): Promise<void> =>
  queryClient.resetQueries({ queryKey: ['items', collectionId, base] })
