import { emptyHint } from './empty-hints.ts'
import type { BaseTableState } from './use-base-table.ts'

/** In place of rows. */
export function EmptyTable({ table, isEditable }: { table: BaseTableState; isEditable: boolean }) {
  const { loaded, search } = table
  if (loaded.isPending || (search.kind !== 'all' && loaded.hasNextPage))
    return (
      <p role="status" className="appear-late px-4 py-10 text-center text-sm text-muted">
        {search.kind === 'all' ? 'Loading …' : 'Searching …'}
      </p>
    )
  return <p className="appear px-4 py-10 text-center text-sm text-muted">{emptyHint(search, isEditable)}</p>
}
