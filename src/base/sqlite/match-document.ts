import { type Json, isObject } from '../items/json.ts'
import type { Condition, Order, Path } from '../query/condition.ts'

/**
 * The conditions of a query over one parsed document, with the results of `compileAlternatives`. For large documents: SQLite
 * reads a document from its start for each condition, and no statement can be interrupted.
 */
export function matchesDocument(document: Json, alternatives: readonly (readonly Condition[])[]): boolean {
  return (
    alternatives.length === 0 ||
    alternatives.some((conditions) => conditions.every((condition) => holds(document, condition)))
  )
}

function holds(document: Json, condition: Condition): boolean {
  const value = valueAt(document, condition.path)
  switch (condition.op) {
    case 'eq':
      return value !== undefined && isSame(value, condition.value)
    case 'ne':
      return value === undefined || !isSame(value, condition.value)
    case 'contains':
      return contains(value, condition.value)
    case 'not_contains':
      return !contains(value, condition.value)
    case 'pfx':
      return typeof value === 'string' && value.startsWith(condition.value)
    case 'r':
      return isOrdered(value, 'gte', condition.low) && isOrdered(value, 'lte', condition.high)
    default:
      return isOrdered(value, condition.op, condition.value)
  }
}

function valueAt(document: Json, path: Path): Json | undefined {
  let value: Json | undefined = document
  for (const name of path)
    value = value !== undefined && isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** Of canonical values. */
const isSame = (value: Json, other: Json): boolean =>
  typeof value === 'object' && value !== null
    ? typeof other === 'object' && JSON.stringify(value) === JSON.stringify(other)
    : value === other

function contains(value: Json | undefined, part: Json): boolean {
  if (typeof value === 'string') return typeof part === 'string' && value.includes(part)
  if (!Array.isArray(value)) return false
  if (typeof part !== 'object' || part === null) return value.includes(part)
  const text = JSON.stringify(part)
  return value.some((each) => typeof each === 'object' && each !== null && JSON.stringify(each) === text)
}

function isOrdered(value: Json | undefined, order: Order, operand: number | string): boolean {
  const difference = compare(value, operand)
  switch (order) {
    case 'lt':
      return difference < 0
    case 'lte':
      return difference <= 0
    case 'gt':
      return difference > 0
    case 'gte':
      return difference >= 0
  }
}

/** Texts by their bytes in UTF-8. NaN: the types differ. */
function compare(value: Json | undefined, operand: number | string): number {
  if (typeof value === 'number' && typeof operand === 'number') return value - operand
  if (typeof value !== 'string' || typeof operand !== 'string') return Number.NaN
  return Buffer.compare(Buffer.from(value), Buffer.from(operand))
}
