import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { AddItems } from './add-items.tsx'
import { BaseToolbar } from './base-toolbar.tsx'
import { type BaseRef, patchLoaded, reloadItems } from './items.ts'
import { ItemDialog } from './item-dialog.tsx'
import { ItemTable } from './item-table.tsx'
import { SaveBar } from './save-bar.tsx'
import { deleteItems, saveDrafts, withChange } from './save.ts'
import { TableFooter } from './table-footer.tsx'
import { type BaseTableState, type Row, useBaseTable } from './use-base-table.ts'

interface BaseViewProps extends BaseRef {
  isEditable: boolean
  /** Chooses the Base. */
  picker: ReactNode
}

/** One Base as a table (COMPAT 6.8). Changes are collected, and saved together. */
export function BaseView({ collectionId, base, isEditable, picker }: BaseViewProps) {
  const at = { collectionId, base }
  const table = useBaseTable(at)
  const [opened, setOpened] = useState<Row | 'new' | null>(null)
  const { drafts, dispatch, loaded, items } = table
  const [selected, setSelected] = useSelection(table)
  const save = useMutation({
    async mutationFn() {
      const result = await saveDrafts(at, drafts)
      patchLoaded(at, (item) => {
        const change = result.changed.get(String(item['key']))
        return change ? withChange(item, change) : item
      })
      dispatch({ do: 'keep', ...result.failed })
      if (result.addedCount > 0) await reloadItems(at)
      return result
    },
  })
  const remove = useMutation({
    async mutationFn(keys: readonly string[]) {
      const gone = new Set<string>()
      await deleteItems(at, keys, (key) => gone.add(key)).finally(() => {
        patchLoaded(at, (item) => (gone.has(String(item['key'])) ? null : item))
        setSelected(new Set(keys.filter((key) => !gone.has(key))))
      })
    },
  })
  const failures = save.data?.failures ?? []
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <BaseToolbar
        table={table}
        picker={picker}
        isEditable={isEditable}
        selected={selected}
        onAdd={() => setOpened('new')}
        onRefresh={() => reloadItems(at)}
        onDelete={() => remove.mutateAsync([...selected])}
      />
      {remove.error && <Notice tone="danger">{remove.error.message}</Notice>}
      {failures.length > 0 && (
        <Notice tone="danger">
          {failures.slice(0, 5).map(({ key, message }) => (
            <p key={key}>
              {key} was not saved: {message}
            </p>
          ))}
        </Notice>
      )}
      {loaded.error && table.search.kind !== 'query' && (
        <Problem error={loaded.error} onRetry={() => void loaded.fetchNextPage()} />
      )}
      {loaded.error && items.length === 0 ? (
        <div className="flex-1" />
      ) : (
        <ItemTable
          table={table}
          isEditable={isEditable}
          selected={selected}
          onSelect={setSelected}
          onOpen={setOpened}
        />
      )}
      <TableFooter table={table} />
      <SaveBar
        drafts={drafts}
        isBusy={save.isPending}
        onUndo={() => dispatch({ do: 'undo' })}
        onSave={() => save.mutate()}
      />
      {opened === 'new' && (
        <AddItems onAdd={(added) => dispatch({ do: 'add', items: added })} onClose={() => setOpened(null)} />
      )}
      {opened !== null && opened !== 'new' && (
        <ItemDialog
          row={opened}
          isEditable={isEditable}
          dispatch={dispatch}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  )
}

const NONE: ReadonlySet<string> = new Set()

/** Keys of items. It ends with the search: what is no longer shown must not be deleted with the rest. */
function useSelection({ search, from }: BaseTableState) {
  const [selection, setSelection] = useState({ search, from, keys: NONE })
  const isCurrent = selection.search === search && selection.from === from
  const select = (keys: ReadonlySet<string>) => setSelection({ search, from, keys })
  return [isCurrent ? selection.keys : NONE, select] as const
}
