import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useReducer, useState } from 'react'
import { type Column, type Fields, columnsOf, mergeFields } from './columns.ts'
import { type Drafts, NO_DRAFTS, draftsReducer } from './drafts.ts'
import { type BaseRef, ITEMS_MAX, type Listing, type Sort, itemsQuery } from './items.ts'
import { ALL, type Search } from './search.ts'
import type { Item } from './value.ts'

/** One line of the table. */
export type Row =
  | { readonly kind: 'added'; readonly at: number; readonly item: Item }
  /** `stored`: as the server has it; `item`: with the changes that are not saved. */
  | { readonly kind: 'stored'; readonly key: string; readonly item: Item; readonly stored: Item }

/** What a Base's table shows, and the changes that are not saved yet. */
export function useBaseTable(at: BaseRef) {
  const [view, setView] = useState<Pick<Listing, 'search' | 'sort' | 'from'>>(START)
  /** Of items that were shown before. */
  const [known, setKnown] = useState<Fields>(NO_FIELDS)
  const [drafts, dispatch] = useReducer(draftsReducer, NO_DRAFTS)
  const loaded = useInfiniteQuery(itemsQuery({ ...at, ...view }))
  const pages = loaded.data?.pages
  const items = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages])
  const fields = useMemo(() => mergeFields(pages?.map((page) => page.fields) ?? []), [pages])
  const { columns, hidden } = useMemo(() => columnsOf(fields), [fields])
  const rows = useMemo(() => rowsOf(items, drafts), [items, drafts])
  const isFull = items.length >= ITEMS_MAX
  return {
    ...view,
    loaded,
    items,
    rows,
    /** All that were met: a search looks into each of them. */
    fields: useMemo(() => mergeFields([known, fields]), [known, fields]),
    columns: columns as readonly Column[],
    hidden,
    drafts,
    dispatch,
    isFull,
    /** The next page, unless one is on its way. */
    loadMore: () => {
      if (loaded.hasNextPage && !loaded.isFetching && !loaded.error && !isFull) void loaded.fetchNextPage()
    },
    find: (search: Search) => {
      setKnown(mergeFields([known, fields]))
      setView({ ...view, search, from: null })
    },
    sortBy: (sort: Sort) => setView({ ...view, sort, from: null }),
    continueAfter: (from: string | null) => setView({ ...view, from }),
  }
}

export type BaseTableState = ReturnType<typeof useBaseTable>

const NO_FIELDS: Fields = new Map()
const START = { search: ALL, sort: 'asc', from: null } as const

function rowsOf(items: readonly Item[], { changed, added }: Drafts): Row[] {
  const rows: Row[] = added.map((item, at) => ({ kind: 'added', at, item }))
  for (const stored of items) {
    const key = String(stored['key'])
    rows.push({ kind: 'stored', key, stored, item: changed.get(key)?.item ?? stored })
  }
  return rows
}
