import type { DraftAction } from './drafts.ts'
import type { Row } from './use-base-table.ts'
import type { Item } from './value.ts'

/** The draft of a row with another item. */
export const withItem = (row: Row, item: Item): DraftAction =>
  row.kind === 'added'
    ? { do: 'changeAdded', at: row.at, item }
    : { do: 'change', key: row.key, item, stored: row.stored }

/** The draft of a row with another value of a field; undefined removes the field. */
export function withField(row: Row, name: string, value: unknown): DraftAction {
  const { [name]: _, ...others } = row.item
  return withItem(row, value === undefined ? others : { ...row.item, [name]: value })
}
