import { badQuery } from '../fault.ts'
import type { Json } from '../items/json.ts'
import { toStored } from '../items/stored-text.ts'
import type { KeyEnd, KeyRange } from './condition.ts'
import type { Operator } from './parse-attribute.ts'
import { requireText, requireTextRange } from './parse-condition.ts'
import { prefixEnd } from './prefix-end.ts'

const at = (key: string): KeyEnd => ({ key, isIncluded: true })
const beside = (key: string): KeyEnd => ({ key, isIncluded: false })

/** A condition on the key itself. Throws `Bad query`. */
export function parseKeyCondition(operator: Operator, value: Json): KeyRange {
  if (operator === 'contains' || operator === 'not_contains') throw badQuery()
  if (operator === 'r') {
    const { low, high } = requireTextRange(value)
    return { from: at(toStored(low)), to: at(toStored(high)) }
  }
  const key = toStored(requireText(value))
  switch (operator) {
    case 'eq':
      return { from: at(key), to: at(key) }
    case 'ne':
      return { not: key }
    case 'lt':
      return { to: beside(key) }
    case 'lte':
      return { to: at(key) }
    case 'gt':
      return { from: beside(key) }
    case 'gte':
      return { from: at(key) }
    case 'pfx':
      return prefixRange(key)
  }
}

function prefixRange(prefix: string): KeyRange {
  const end = prefixEnd(prefix)
  return end === null ? { from: at(prefix) } : { from: at(prefix), to: beside(end) }
}
