import { badQuery, invalid } from '../fault.ts'
import { checkValue } from '../items/check-value.ts'
import { type Json, type JsonObject, isObject } from '../items/json.ts'
import type { BaseLimits } from '../limits.ts'
import type { Condition, KeyRange, Query } from './condition.ts'
import { parseAttribute } from './parse-attribute.ts'
import { parseCondition } from './parse-condition.ts'
import { parseKeyCondition } from './parse-key-condition.ts'

/** What `query` of a call says; null and undefined match all. Throws BaseFault. */
export function parseQuery(sent: Json | undefined, limits: BaseLimits): Query {
  const objects = sent === undefined || sent === null ? [] : Array.isArray(sent) ? sent : [sent]
  if (!objects.every(isObject)) throw badQuery()
  requireFew(objects, limits)
  const parsed = objects.map((object) => parseObject(object, limits))
  return {
    range: commonRange(parsed),
    // An object without conditions matches all, whatever the others say.
    alternatives: parsed.some(({ conditions }) => conditions.length === 0)
      ? []
      : parsed.map(({ conditions }) => conditions),
  }
}

function requireFew(objects: readonly JsonObject[], { conditions, depth }: BaseLimits): void {
  const count = objects.reduce((sum, object) => sum + Math.max(1, Object.keys(object).length), 0)
  if (count > conditions) throw invalid(`A query may have at most ${conditions} conditions`)
  for (const object of objects) for (const name of Object.keys(object)) checkOperand(object[name]!, depth)
}

/** What no item may contain is no error in a query: it matches nothing. But the database must be able to read it. */
function checkOperand(value: Json, depth: number): void {
  try {
    checkValue(value, depth)
  } catch {
    throw badQuery()
  }
}

interface Parsed {
  readonly key: { readonly range: KeyRange; readonly text: string } | null
  readonly conditions: readonly Condition[]
}

function parseObject(object: JsonObject, { depth }: BaseLimits): Parsed {
  let key: Parsed['key'] = null
  const conditions: Condition[] = []
  for (const name of Object.keys(object)) {
    const attribute = parseAttribute(name, depth)
    const value = object[name]!
    if (attribute.path.length > 1 || attribute.path[0] !== 'key')
      conditions.push(parseCondition(attribute, value))
    else if (key) throw badQuery()
    else
      key = {
        range: parseKeyCondition(attribute.operator, value),
        text: JSON.stringify([attribute.operator, value]),
      }
  }
  return { key, conditions }
}

/** A condition on the key must be the same one in every object. */
function commonRange(parsed: readonly Parsed[]): KeyRange {
  const first = parsed[0]?.key ?? null
  if (parsed.some(({ key }) => key?.text !== first?.text)) throw badQuery()
  return first?.range ?? {}
}
