import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState } from 'react'
import { EmptyTable } from './empty-table.tsx'
import { type CellAt, moveCell } from './grid-keys.ts'
import { ItemRow } from './item-row.tsx'
import { TableHead } from './table-head.tsx'
import type { BaseTableState, Row } from './use-base-table.ts'

interface ItemTableProps {
  table: BaseTableState
  isEditable: boolean
  /** Keys of stored items. */
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
  onOpen: (row: Row) => void
}

const ROW_PX = 37
/** Rows beyond the visible ones, so that scrolling shows no gaps. */
const OVERSCAN = 12
/** Before the end of what is loaded, the next page is loaded. */
const AHEAD = 300

/** Only the visible rows are in the page, however many items there are. */
export function ItemTable({ table, isEditable, selected, onSelect, onOpen }: ItemTableProps) {
  const { rows, columns, loaded, loadMore } = table
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<CellAt>({ row: 0, column: 0 })
  const [editing, setEditing] = useState<CellAt | null>(null)
  // The React Compiler, which this library does not suit, is not used.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollPaddingStart: 44,
  })
  const shown = virtual.getVirtualItems()
  const end = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (end >= rows.length - AHEAD) loadMore()
  })
  const template = `${isEditable ? '2.5rem ' : ''}2.25rem clamp(9rem, 22vw, 15rem) repeat(${columns.length}, minmax(9rem, 1fr))`
  const toggle = (row: Row | undefined) => {
    if (row?.kind !== 'stored') return
    const next = new Set(selected)
    if (!next.delete(row.key)) next.add(row.key)
    onSelect(next)
  }
  /** The key of a stored item stays; the whole item opens instead, as it does where nothing can be edited. */
  const edit = (at: CellAt) => {
    const row = rows[at.row]
    if (!row) return
    if (isEditable && !(at.column === 0 && row.kind === 'stored')) setEditing(at)
    else onOpen(row)
  }
  const close = (next: CellAt | null) => {
    setEditing(null)
    if (next) setActive(next)
    scroller.current?.focus({ preventScroll: true })
  }
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Items"
      aria-rowcount={loaded.hasNextPage ? -1 : rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={rows.length > 0 ? `${id}-${active.row}-${active.column}` : undefined}
      onKeyDown={(event) => {
        if (editing || event.target !== scroller.current) return
        const moved = moveCell(event.key, active, { rows: rows.length, columns: columns.length + 1 })
        if (moved) {
          setActive(moved)
          virtual.scrollToIndex(moved.row)
        } else if (event.key === 'Enter' || event.key === 'F2') {
          edit(active)
        } else if (event.key === ' ' && isEditable) toggle(rows[active.row])
        else return
        event.preventDefault()
      }}
      className="group relative min-h-48 flex-1 overflow-auto rounded-xl border border-line bg-card focus-visible:-outline-offset-2"
    >
      <div className="min-w-max">
        <TableHead
          table={table}
          template={template}
          isEditable={isEditable}
          isAllSelected={selected.size > 0 && selected.size >= table.items.length}
          onSelectAll={(isAll) =>
            onSelect(new Set(isAll ? table.items.map((item) => String(item['key'])) : []))
          }
        />
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => (
            <ItemRow
              key={index}
              id={`${id}-${index}`}
              row={rows[index]!}
              index={index}
              columns={columns}
              template={template}
              top={start}
              isEditable={isEditable}
              isSelected={isSelected(rows[index]!, selected)}
              active={active.row === index ? active.column : null}
              editing={editing?.row === index ? editing.column : null}
              dispatch={table.dispatch}
              onToggle={() => toggle(rows[index])}
              onOpen={() => onOpen(rows[index]!)}
              onActivate={(column) => {
                setActive({ row: index, column })
                scroller.current?.focus({ preventScroll: true })
              }}
              onEdit={(column) => edit({ row: index, column })}
              onEditEnd={(move) =>
                close(
                  move ? moveCell(move, { row: index, column: editing?.column ?? 0 }, sizeOf(table)) : null,
                )
              }
            />
          ))}
        </div>
      </div>
      {rows.length === 0 && <EmptyTable table={table} isEditable={isEditable} />}
    </div>
  )
}

const isSelected = (row: Row, selected: ReadonlySet<string>) => row.kind === 'stored' && selected.has(row.key)

const sizeOf = ({ rows, columns }: BaseTableState) => ({ rows: rows.length, columns: columns.length + 1 })
