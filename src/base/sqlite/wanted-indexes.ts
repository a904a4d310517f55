import type { Condition, Path } from '../query/condition.ts'
import { type RangeCondition, compileRange, jsonAt, valueAt } from './compile-condition.ts'
import { type Sql, sql } from './sql-text.ts'

/** `equal` finds one JSON text; `order` a range of values. */
export type IndexKind = 'equal' | 'order'

export interface Indexable {
  readonly kind: IndexKind
  readonly path: Path
  /** What to look for in the index. */
  readonly sql: Sql
}

/** What an index can do for a condition; null: nothing. */
export function indexableOf(condition: Condition): Indexable | null {
  const { op, path } = condition
  if (op === 'ne' || op === 'contains' || op === 'not_contains') return null
  if (op === 'eq')
    return { kind: 'equal', path, sql: sql(`${jsonAt(path)} = ?`, JSON.stringify(condition.value)) }
  return { kind: 'order', path, sql: compileRange(condition as RangeCondition) }
}

/** The index to make for conditions that must all hold: equal values are rarer than ranges. */
export function wantedIndex(conditions: readonly Condition[]): Indexable | null {
  const all = conditions.map(indexableOf).filter((one) => one !== null)
  return all.find(({ kind }) => kind === 'equal') ?? all[0] ?? null
}

/** What an index of this kind is on. */
export const indexedExpression = (kind: IndexKind, path: Path): string =>
  kind === 'equal' ? jsonAt(path) : valueAt(path)
