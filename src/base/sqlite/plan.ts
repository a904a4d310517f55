import type { Condition } from '../query/condition.ts'
import type { FieldIndexes } from './field-indexes.ts'
import { type Sql, literal } from './sql-text.ts'
import type { Statements } from './statements.ts'
import { type Indexable, indexableOf } from './wanted-indexes.ts'

/** Part of an index: the documents of a base that one condition finds. */
export interface IndexPart {
  readonly index: string
  readonly kind: Indexable['kind']
  readonly sql: Sql
  /** How many documents it has, up to `MOST_GATHERED` + 1. */
  readonly count: number
}

export type Plan =
  /** All documents of the base, in the order of their keys. */
  | { readonly kind: 'scan' }
  /** One value of an index, where the documents are in the order of their keys, too. */
  | { readonly kind: 'ordered'; readonly part: IndexPart }
  /** Few keys from several indexes, or from a range of one, sorted first. */
  | { readonly kind: 'gathered'; readonly parts: readonly IndexPart[] }

/** Sorting more keys than this would take too long at once. */
const MOST_GATHERED = 5_000

export interface Planner {
  readonly statements: Statements
  readonly indexes: FieldIndexes
  readonly base: string
}

/** How to find what matches. The parts of a plan find more; each document is checked with all conditions. */
export function planOf(alternatives: readonly (readonly Condition[])[], planner: Planner): Plan {
  const only = alternatives.length === 1 && alternatives[0]!.length === 1 ? alternatives[0]![0]! : null
  if (only?.op === 'eq') return planOfValue(only, planner)
  const parts: IndexPart[] = []
  let count = 0
  for (const conditions of alternatives) {
    const part = smallestPart(conditions, planner)
    if (!part) return { kind: 'scan' }
    parts.push(part)
    count += part.count
  }
  const [first] = parts
  if (!first) return { kind: 'scan' }
  if (parts.length === 1 && first.kind === 'equal') return { kind: 'ordered', part: first }
  return count > MOST_GATHERED ? { kind: 'scan' } : { kind: 'gathered', parts }
}

/** One value alone: nothing has to be counted. */
function planOfValue(condition: Condition, planner: Planner): Plan {
  const part = indexPart(condition, planner)
  return part ? { kind: 'ordered', part: { ...part, count: 0 } } : { kind: 'scan' }
}

/** Equal values first, which need no sorting, and of several the one with the fewest documents. */
function smallestPart(conditions: readonly Condition[], planner: Planner): IndexPart | null {
  const parts = conditions.map((condition) => partOf(condition, planner)).filter((part) => part !== null)
  return parts.reduce<IndexPart | null>(
    (best, part) => (best && best.count <= part.count ? best : part),
    null,
  )
}

function indexPart(condition: Condition, { indexes, base }: Planner): Omit<IndexPart, 'count'> | null {
  const indexable = indexableOf(condition)
  if (!indexable) return null
  const index = indexes.find(base, indexable.kind, indexable.path)
  return index ? { index, kind: indexable.kind, sql: indexable.sql } : null
}

function partOf(condition: Condition, planner: Planner): IndexPart | null {
  const part = indexPart(condition, planner)
  if (!part) return null
  const [[count]] = planner.statements.rows<[number]>({
    text: `select count(*) from (select 1 from ${sourceOf(part, planner.base)} limit ${MOST_GATHERED + 1})`,
    values: part.sql.values,
  }) as [[number]]
  return { ...part, count }
}

/** Of a `select`; its values are those of the part. */
export const sourceOf = ({ index, sql }: Pick<IndexPart, 'index' | 'sql'>, base: string): string =>
  `documents indexed by ${index} where base = ${literal(base)} and ${sql.text}`

/** The keys of several parts, each one once, in the order of keys. */
export function gather(parts: readonly IndexPart[], keys: Sql, { statements, base }: Planner): string[] {
  const selects = parts.map((part) => `select key from ${sourceOf(part, base)} and ${keys.text}`)
  const values = parts.flatMap((part) => [...part.sql.values, ...keys.values])
  return statements
    .rows<[string]>({ text: `${selects.join(' union ')} order by key`, values })
    .map(([key]) => key)
}
