import { ArrowDown, ArrowUp } from 'lucide-react'
import type { BaseTableState } from './use-base-table.ts'

interface TableHeadProps {
  table: BaseTableState
  /** Widths of the columns, for CSS. */
  template: string
  isEditable: boolean
  isAllSelected: boolean
  onSelectAll: (isAll: boolean) => void
}

/** A column for each field, with its type; the key sorts. */
export function TableHead({ table, template, isEditable, isAllSelected, onSelectAll }: TableHeadProps) {
  const { columns, sort, items } = table
  const Arrow = sort === 'asc' ? ArrowUp : ArrowDown
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-20 grid h-11 items-center border-b border-line bg-sunken text-[13px] font-medium"
      style={{ gridTemplateColumns: template }}
    >
      {isEditable && (
        <div role="presentation" className="grid place-items-center">
          <input
            type="checkbox"
            aria-label="Select all loaded items"
            disabled={items.length === 0}
            checked={isAllSelected}
            onChange={(event) => onSelectAll(event.target.checked)}
            className="size-4 accent-(--accent)"
          />
        </div>
      )}
      <div role="presentation" />
      <div
        role="columnheader"
        aria-colindex={1}
        aria-sort={sort === 'asc' ? 'ascending' : 'descending'}
        className="sticky left-0 h-full bg-sunken"
      >
        <button
          type="button"
          title={
            sort === 'asc' ? 'Sort from the last key to the first' : 'Sort from the first key to the last'
          }
          onClick={() => table.sortBy(sort === 'asc' ? 'desc' : 'asc')}
          className="flex h-full w-full items-center gap-1.5 px-3 hover:text-accent focus-visible:-outline-offset-2"
        >
          key
          <Arrow className="size-3.5 text-muted" aria-hidden />
        </button>
      </div>
      {columns.map(({ name, label }, index) => (
        <div
          key={name}
          role="columnheader"
          aria-colindex={index + 2}
          title={`${name} (${label})`}
          className="min-w-0 border-l border-line px-3 leading-4"
        >
          <p className="truncate">{name}</p>
          <p className="truncate text-[11px] font-normal text-muted">{label}</p>
        </div>
      ))}
    </div>
  )
}
