import { Braces, Plus, RotateCw, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { count } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { QueryBox } from './query-box.tsx'
import { SearchBox } from './search-box.tsx'
import { ALL, searchedFields } from './search.ts'
import type { BaseTableState } from './use-base-table.ts'

interface BaseToolbarProps {
  table: BaseTableState
  picker: ReactNode
  isEditable: boolean
  selected: ReadonlySet<string>
  onAdd: () => void
  onRefresh: () => Promise<unknown>
  onDelete: () => Promise<unknown>
}

/** Search or query on the left, actions on the right. */
export function BaseToolbar(props: BaseToolbarProps) {
  const { table, picker, isEditable, selected, onAdd, onRefresh, onDelete } = props
  const [isQuery, setQuery] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const toggleQuery = () => {
    if (table.search.kind !== 'all') table.find(ALL)
    setQuery(!isQuery)
  }
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        {picker}
        <div className="flex min-w-[min(100%,16rem)] flex-1 items-center gap-1">
          <SearchBox
            isDisabled={isQuery}
            onSearch={(text) =>
              table.find(text === '' ? ALL : { kind: 'text', text, fields: searchedFields(table.fields) })
            }
          />
          <IconButton
            icon={Braces}
            label={isQuery ? 'Close the query' : 'Write a query'}
            isPressed={isQuery}
            onClick={toggleQuery}
          />
          <IconButton
            icon={RotateCw}
            label="Refresh"
            isBusy={table.loaded.isRefetching}
            onClick={() => void onRefresh()}
          />
        </div>
        {isEditable && selected.size > 0 && (
          <Button onClick={() => setAsking(true)} className="text-danger">
            <Trash2 className="size-4" aria-hidden />
            Delete {selected.size}
          </Button>
        )}
        {isEditable && (
          <Button onClick={onAdd}>
            <Plus className="size-4" aria-hidden />
            Add items
          </Button>
        )}
      </div>
      {isAsking && selected.size > 0 && (
        <Confirm action="Delete" cancel="Keep" onConfirm={onDelete} onCancel={() => setAsking(false)}>
          {count(selected.size, 'item')} will be deleted now. This cannot be undone.
        </Confirm>
      )}
      {isQuery && (
        <QueryBox error={table.loaded.error} onRun={(query) => table.find({ kind: 'query', query })} />
      )}
    </div>
  )
}
