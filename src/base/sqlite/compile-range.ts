import type { KeyRange } from '../query/condition.ts'
import { type Sql, and, sql } from './sql-text.ts'

/** Keys inside the range, and behind `after` in the direction of the search. */
export function compileKeys({ from, to, not }: KeyRange, after: string | null, isDescending: boolean): Sql {
  return and(
    from ? sql(`key ${from.isIncluded ? '>=' : '>'} ?`, from.key) : null,
    to ? sql(`key ${to.isIncluded ? '<=' : '<'} ?`, to.key) : null,
    not === undefined ? null : sql('key <> ?', not),
    after === null ? null : sql(`key ${isDescending ? '<' : '>'} ?`, after),
  )
}
