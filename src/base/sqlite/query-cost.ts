import type { Condition } from '../query/condition.ts'

/** What the thread may do at once, in bytes of documents that one cheap condition reads: a few milliseconds. */
const BYTES_A_STEP = 4 * 1_048_576
const LEAST_BYTES_A_STEP = 65_536
/** `json_each` takes this much longer than the search for an attribute. */
const CONTAINS_COST = 8
/** About as many documents as a walk passes without a look at the time. */
const UNSEEN_DOCUMENTS = 64
/** From here on, parsing even a small document is cheaper. */
const MOST_IN_SQL = 64

export interface QueryBounds {
  /** Of the documents that one step reads, and of one more. */
  readonly bytesAStep: number
  /** A walk is left off at any larger document, though that does not match. */
  readonly largestUnseen: number
  /** Larger documents are parsed once, instead of once for each condition (match-document.ts). */
  readonly largestInSql: number
}

/** By how long the conditions of a query take for each byte of a document. */
export function boundsOf(alternatives: readonly (readonly Condition[])[]): QueryBounds {
  const conditions = alternatives.flat()
  const cost = conditions.reduce((sum, { op }) => sum + (isSearch(op) ? CONTAINS_COST : 1), 1)
  const bytesAStep = Math.max(BYTES_A_STEP / cost, LEAST_BYTES_A_STEP)
  const largestInSql = cost > MOST_IN_SQL ? 0 : bytesAStep / 8
  return { bytesAStep, largestInSql, largestUnseen: bytesAStep / UNSEEN_DOCUMENTS }
}

const isSearch = (op: Condition['op']): boolean => op === 'contains' || op === 'not_contains'
