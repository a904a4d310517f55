import type { Json } from '../items/json.ts'
import type { Condition, Order } from '../query/condition.ts'
import { prefixEnd } from '../query/prefix-end.ts'
import { type Sql, and, literal, or, pathLiteral, sql } from './sql-text.ts'

/** The JSON text of an attribute: of one type only, and equal for equal values, as stored values are canonical. */
export const jsonAt = (path: readonly string[]): string => `(value -> ${pathLiteral(path)})`

/** Its value: numbers sort before texts, which sort by their UTF-8 bytes. Other types are numbers or texts here, too. */
export const valueAt = (path: readonly string[]): string => `(value ->> ${pathLiteral(path)})`

const typeAt = (path: readonly string[]): string => `json_type(value, ${pathLiteral(path)})`

/** One of these must hold, each with all its conditions; null: all documents match. */
export function compileAlternatives(alternatives: readonly (readonly Condition[])[]): Sql | null {
  return alternatives.length === 0 ? null : or(alternatives.map((all) => and(...all.map(compileCondition))))
}

export function compileCondition(condition: Condition): Sql {
  const { path } = condition
  switch (condition.op) {
    case 'eq':
      return sql(`${jsonAt(path)} = ?`, JSON.stringify(condition.value))
    case 'ne':
      return sql(`${jsonAt(path)} is not ?`, JSON.stringify(condition.value))
    case 'contains':
      return contains(path, condition.value)
    case 'not_contains': {
      const { text, values } = contains(path, condition.value)
      return sql(`not coalesce(${text}, 0)`, ...values)
    }
    default:
      return and(ofType(path, operandOf(condition)), compileRange(condition))
  }
}

export type RangeCondition = Extract<Condition, { op: Order | 'pfx' | 'r' }>

const operandOf = (condition: RangeCondition) => (condition.op === 'r' ? condition.low : condition.value)

const ofType = (path: readonly string[], operand: number | string): Sql =>
  sql(`${typeAt(path)} ${typeof operand === 'string' ? "= 'text'" : "in ('integer', 'real')"}`)

const SIGNS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const
const FIRST_TEXT = sql("''")

/** Without the type: what an index on the value finds. It may find some of other types. */
export function compileRange(condition: RangeCondition): Sql {
  const { path } = condition
  const value = valueAt(path)
  const compare = (sign: string, { text, values }: Sql) => sql(`${value} ${sign} ${text}`, ...values)
  if (condition.op === 'r')
    return and(compare('>=', operand(condition.low)), compare('<=', operand(condition.high)))
  if (condition.op === 'pfx') {
    const end = prefixEnd(condition.value)
    return and(compare('>=', operand(condition.value)), end === null ? null : compare('<', operand(end)))
  }
  const isText = typeof condition.value === 'string'
  const isUpwards = condition.op === 'gt' || condition.op === 'gte'
  return and(
    compare(SIGNS[condition.op], operand(condition.value)),
    isText && !isUpwards ? compare('>=', FIRST_TEXT) : null,
    !isText && isUpwards ? compare('<', FIRST_TEXT) : null,
  )
}

/** Numbers take the same way through JSON as the stored ones: large ones would differ from a bound double. */
const operand = (value: number | string): Sql =>
  typeof value === 'string' ? sql('?', value) : sql("(? ->> '$')", JSON.stringify(value))

/** Part of a text, or member of a list. */
function contains(path: readonly string[], value: Json): Sql {
  const inList = elementIs(value)
  const list = sql(
    `(${typeAt(path)} = 'array' and exists (select 1 from json_each(documents.value, ${pathLiteral(path)}) as e where ${inList.text}))`,
    ...inList.values,
  )
  if (typeof value !== 'string') return list
  return or([sql(`(${typeAt(path)} = 'text' and instr(${valueAt(path)}, ?) > 0)`, value), list])
}

function elementIs(value: Json): Sql {
  if (typeof value === 'string') return sql("e.type = 'text' and e.atom = ?", value)
  if (typeof value === 'number')
    return sql("e.type in ('integer', 'real') and e.atom = (? ->> '$')", JSON.stringify(value))
  if (typeof value === 'object' && value !== null)
    return sql(
      `e.type = ${literal(Array.isArray(value) ? 'array' : 'object')} and e.value = ?`,
      JSON.stringify(value),
    )
  return sql(`e.type = ${literal(String(value))}`)
}
