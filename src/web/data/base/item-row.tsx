import { Braces } from 'lucide-react'
import type { Dispatch } from 'react'
import { Cell } from './cell.tsx'
import { CellEditor } from './cell-editor.tsx'
import type { Column } from './columns.ts'
import type { DraftAction } from './drafts.ts'
import { withField } from './edit-row.ts'
import type { Row } from './use-base-table.ts'

interface ItemRowProps {
  id: string
  row: Row
  index: number
  columns: readonly Column[]
  template: string
  top: number
  isEditable: boolean
  isSelected: boolean
  /** The column of the cell that the keyboard acts on. */
  active: number | null
  editing: number | null
  dispatch: Dispatch<DraftAction>
  onToggle: () => void
  onOpen: () => void
  onActivate: (column: number) => void
  onEdit: (column: number) => void
  /** With the key that leads to the next cell. */
  onEditEnd: (move?: string) => void
}

export function ItemRow(props: ItemRowProps) {
  const { id, row, index, columns, template, top, isEditable, isSelected, active, editing } = props
  const isDraft = row.kind === 'added' || row.item !== row.stored
  const names = ['key', ...columns.map(({ name }) => name)]
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      className={`absolute inset-x-0 top-0 grid h-[37px] border-b border-line text-[13px] ${isSelected ? 'bg-accent-soft' : isDraft ? 'bg-warn-soft' : 'bg-card hover:bg-sunken'}`}
    >
      {isEditable && (
        <div role="presentation" className="grid place-items-center">
          {row.kind === 'stored' && (
            <input
              type="checkbox"
              aria-label={`Select ${row.key}`}
              tabIndex={-1}
              checked={isSelected}
              onChange={props.onToggle}
              className="size-4 accent-(--accent)"
            />
          )}
        </div>
      )}
      <div role="presentation" className="grid place-items-center">
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Show ${String(row.item['key'] ?? 'the new item')} as JSON`}
          title="Show as JSON"
          onClick={props.onOpen}
          className="grid size-7 place-items-center rounded-lg text-muted hover:bg-line/60 hover:text-ink"
        >
          <Braces className="size-3.5" aria-hidden />
        </button>
      </div>
      {names.map((name, column) =>
        editing === column && (name !== 'key' || row.kind === 'added') ? (
          <CellEditor
            key={name}
            name={name}
            value={row.item[name]}
            onChange={(value) => props.dispatch(withField(row, name, value))}
            onOpen={props.onOpen}
            onEnd={props.onEditEnd}
          />
        ) : (
          <Cell
            key={name}
            id={`${id}-${column}`}
            column={column}
            name={name}
            row={row}
            isActive={active === column}
            isEditable={isEditable}
            onActivate={() => props.onActivate(column)}
            onEdit={() => props.onEdit(column)}
          />
        ),
      )}
    </div>
  )
}
