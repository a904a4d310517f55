import { type FieldType, type Item, typeOf } from './value.ts'

/** The types of each field that some items have, without the key. */
export type Fields = ReadonlyMap<string, ReadonlySet<FieldType>>

export interface Column {
  readonly name: string
  /** `text`, or `text, number`. */
  readonly label: string
}

/** More columns than a person can compare; the rest of an item is in its JSON. */
export const COLUMNS_MAX = 40

export function fieldsOf(items: readonly Item[]): Fields {
  const fields = new Map<string, Set<FieldType>>()
  for (const item of items) {
    for (const [name, value] of Object.entries(item)) {
      if (name === 'key') continue
      const types = fields.get(name) ?? new Set()
      fields.set(name, types.add(typeOf(value)))
    }
  }
  return fields
}

export function mergeFields(pages: readonly Fields[]): Fields {
  const merged = new Map<string, Set<FieldType>>()
  for (const page of pages)
    for (const [name, types] of page) merged.set(name, (merged.get(name) ?? new Set()).union(types))
  return merged
}

/** In the order in which they were met, so that a column keeps its place while more items arrive. */
export function columnsOf(fields: Fields): { readonly columns: Column[]; readonly hidden: number } {
  const columns = [...fields].slice(0, COLUMNS_MAX).map(([name, types]) => ({ name, label: labelOf(types) }))
  return { columns, hidden: fields.size - columns.length }
}

/** Null is a value of any type. */
function labelOf(types: ReadonlySet<FieldType>): string {
  const named = [...types].filter((type) => type !== 'null')
  return named.length === 0 ? 'null' : named.toSorted().join(', ')
}
