import { badQuery } from '../fault.ts'
import { canonical } from '../items/canonical.ts'
import type { Json } from '../items/json.ts'
import { toStored, withTexts } from '../items/stored-text.ts'
import type { Condition } from './condition.ts'
import type { Attribute } from './parse-attribute.ts'

/** Throws `Bad query` for a value that the operator does not take. */
export function parseCondition({ path: sentPath, operator }: Attribute, sent: Json): Condition {
  const path = sentPath.map(toStored)
  const value = withTexts(canonical(sent), toStored)
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'contains':
    case 'not_contains':
      return { op: operator, path, value }
    case 'pfx':
      return { op: 'pfx', path, value: requireText(value) }
    case 'r':
      return { op: 'r', path, ...requireRange(value) }
    default:
      return { op: operator, path, value: requireOrdered(value) }
  }
}

export function requireText(value: Json): string {
  if (typeof value !== 'string') throw badQuery()
  return value
}

function requireOrdered(value: Json | undefined): number | string {
  if (typeof value !== 'string' && typeof value !== 'number') throw badQuery()
  return value
}

function requireRange(value: Json): { low: number | string; high: number | string } {
  if (!Array.isArray(value) || value.length !== 2) throw badQuery()
  const [low, high] = [requireOrdered(value[0]), requireOrdered(value[1])]
  if (typeof low !== typeof high) throw badQuery()
  return { low, high }
}

/** Both ends of `r`. */
export function requireTextRange(value: Json): { low: string; high: string } {
  const { low, high } = requireRange(value)
  if (typeof low !== 'string' || typeof high !== 'string') throw badQuery()
  return { low, high }
}
