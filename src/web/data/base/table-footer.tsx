import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { count } from '../../ui/format.ts'
import type { BaseTableState } from './use-base-table.ts'

/** A search continues by itself until this many items are found. */
const FOUND_ENOUGH = 500

/** How much of the Base the table has, and how far a search has come. */
export function TableFooter({ table }: { table: BaseTableState }) {
  const { loaded, items, search, isFull, hidden, from, loadMore } = table
  const [stopped, setStopped] = useState<object | null>(null)
  const isStopped = stopped === search
  const isSearching = search.kind !== 'all' && loaded.hasNextPage && items.length < FOUND_ENOUGH
  useEffect(() => {
    if (isSearching && !isStopped) loadMore()
  })
  const last = loaded.data?.pages.at(-1)?.last ?? null
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-muted">
      <p role="status" className="min-w-0">
        {loaded.data && <>{amountText(table)}</>}
        {isSearching && last !== null && <> Searched up to the key {short(last)}.</>}
        {hidden > 0 && <> {count(hidden, 'more field')}: see the JSON of an item.</>}
      </p>
      {isSearching && (
        <Button look="quiet" className="h-7 px-2" onClick={() => setStopped(isStopped ? null : search)}>
          {isStopped ? 'Continue' : 'Stop'}
        </Button>
      )}
      {isFull && last !== null && (
        <Button look="quiet" className="h-7 px-2" onClick={() => table.continueAfter(last)}>
          Show what follows
        </Button>
      )}
      {from !== null && (
        <Button look="quiet" className="h-7 px-2" onClick={() => table.continueAfter(null)}>
          Back to the start
        </Button>
      )}
    </div>
  )
}

function amountText({ loaded, items, search, from }: BaseTableState): string {
  const amount = count(items.length, 'item')
  const after = from === null ? '' : ` after the key ${short(from)}`
  if (search.kind === 'all')
    return loaded.hasNextPage ? `${amount} loaded${after}; scroll for more.` : `${amount}${after}.`
  const where = search.kind === 'text' ? ` in the key or in ${count(search.fields.length, 'field')}` : ''
  return loaded.hasNextPage ? `${amount} found so far${where}.` : `${amount} found${where}.`
}

const short = (key: string) => (key.length > 24 ? `${key.slice(0, 24)}…` : key)
