import { badQuery } from '../fault.ts'
import type { Path } from './condition.ts'

export type Operator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'pfx' | 'r' | 'contains' | 'not_contains'

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['ne', 'ne'],
  ['lt', 'lt'],
  ['<', 'lt'],
  ['lte', 'lte'],
  ['<=', 'lte'],
  ['gt', 'gt'],
  ['>', 'gt'],
  ['gte', 'gte'],
  ['>=', 'gte'],
  ['pfx', 'pfx'],
  ['r', 'r'],
  ['contains', 'contains'],
  ['not_contains', 'not_contains'],
  ['!contains', 'not_contains'],
])

export interface Attribute {
  readonly path: Path
  readonly operator: Operator
}

/** `profile.age?gt`. Without `?`: equality. Throws `Bad query`, also for what is deeper than items can be. */
export function parseAttribute(name: string, mostLevels: number): Attribute {
  const [attribute = '', operator, ...rest] = name.split('?')
  if (rest.length > 0) throw badQuery()
  const path = attribute.split('.', mostLevels + 1)
  if (path.length > mostLevels || path.includes('')) throw badQuery()
  return { path, operator: operator === undefined ? 'eq' : requireOperator(operator) }
}

function requireOperator(text: string): Operator {
  const operator = OPERATORS.get(text)
  if (!operator) throw badQuery()
  return operator
}
