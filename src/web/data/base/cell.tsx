import type { Row } from './use-base-table.ts'
import { type FieldType, cellText, typeOf } from './value.ts'

interface CellProps {
  id: string
  /** 0: the key. */
  column: number
  name: string
  row: Row
  isActive: boolean
  isEditable: boolean
  onActivate: () => void
  onEdit: () => void
}

const LOOKS: Record<FieldType, string> = {
  text: '',
  number: 'text-right tabular-nums',
  boolean: 'font-mono text-xs',
  list: 'font-mono text-xs text-muted',
  object: 'font-mono text-xs text-muted',
  null: 'text-muted/70 italic',
}

/** One value on one line; a click selects the cell, a second one edits it. */
export function Cell({ id, column, name, row, isActive, isEditable, onActivate, onEdit }: CellProps) {
  const value = row.item[name]
  const isKey = column === 0
  const isChanged = row.kind === 'stored' && JSON.stringify(row.stored[name]) !== JSON.stringify(value)
  const text = isKey && !value ? 'new item' : value === null ? 'null' : cellText(value)
  const look = isKey ? (value ? 'font-medium' : 'text-muted italic') : LOOKS[typeOf(value)]
  return (
    <div
      id={id}
      role={isKey ? 'rowheader' : 'gridcell'}
      aria-colindex={column + 1}
      title={text.length > 18 ? text : undefined}
      onClick={() => (isActive && isEditable ? onEdit() : onActivate())}
      onDoubleClick={() => isEditable && onEdit()}
      className={`min-w-0 truncate px-3 leading-9 ${look} ${isKey ? 'sticky left-0 z-10 bg-inherit' : 'border-l border-line'} ${isActive ? 'group-focus:outline-2 group-focus:-outline-offset-2 group-focus:outline-accent' : ''} ${isChanged ? 'text-warn' : ''}`}
    >
      {text}
    </div>
  )
}
