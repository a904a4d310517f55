import type { Json, JsonObject } from '../items/json.ts'
import { setOwn } from '../items/json.ts'
import type { Condition, KeyRange, Path } from '../query/condition.ts'
import { prefixEnd } from '../query/prefix-end.ts'
import type { Parameters } from './parameters.ts'

/** One of these must hold, each with all its conditions; null: all documents match. */
export function compileAlternatives(
  alternatives: readonly (readonly Condition[])[],
  parameters: Parameters,
): string | null {
  if (alternatives.length === 0) return null
  const any = alternatives.map((all) => all.map((one) => compileCondition(one, parameters)).join(' and '))
  return `((${any.join(') or (')}))`
}

const SIGNS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function compileCondition(condition: Condition, parameters: Parameters): string {
  const at = attribute(condition.path, parameters)
  switch (condition.op) {
    case 'eq':
      return equals(at, condition, parameters)
    case 'ne':
      return `${at} is distinct from ${parameters.json(condition.value)}`
    case 'contains':
      return contains(at, condition.value, parameters)
    case 'not_contains':
      return `not coalesce(${contains(at, condition.value, parameters)}, false)`
    case 'pfx': {
      const end = prefixEnd(condition.value)
      const from = compare(at, '>=', condition.value, parameters)
      return end === null ? from : `${from} and ${compare(at, '<', end, parameters)}`
    }
    case 'r':
      return `${compare(at, '>=', condition.low, parameters)} and ${compare(at, '<=', condition.high, parameters)}`
    default:
      return compare(at, SIGNS[condition.op], condition.value, parameters)
  }
}

/** By text, `->` finds members of objects only, never of lists. */
const attribute = (path: Path, parameters: Parameters): string =>
  `(value${path.map((name) => ` -> ${parameters.text(name)}`).join('')})`

/** The first part is what the index on whole documents finds. */
function equals(at: string, { path, value }: { path: Path; value: Json }, parameters: Parameters): string {
  const exact = `${at} = ${parameters.json(value)}`
  if (typeof value === 'object' && value !== null) return exact
  return `value @> ${parameters.json(nested(path, value))} and ${exact}`
}

function nested(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, name) => {
    const outer: JsonObject = {}
    setOwn(outer, name, inner)
    return outer
  }, value)
}

const compare = (at: string, sign: string, value: number | string, parameters: Parameters): string =>
  typeof value === 'number'
    ? `(jsonb_typeof(${at}) = 'number' and ${at} ${sign} ${parameters.json(value)})`
    : `(jsonb_typeof(${at}) = 'string' and (${at} #>> '{}') collate "C" ${sign} ${parameters.text(value)})`

function contains(at: string, value: Json, parameters: Parameters): string {
  const list = `case when jsonb_typeof(${at}) = 'array' then ${at} else '[]' end`
  const inList = `exists (select 1 from jsonb_array_elements(${list}) as e (element) where element = ${parameters.json(value)})`
  if (typeof value !== 'string') return inList
  return `((jsonb_typeof(${at}) = 'string' and strpos(${at} #>> '{}', ${parameters.text(value)}) > 0) or ${inList})`
}

/** Keys inside the range, and behind `after` in the direction of the search. */
export function compileKeys(
  { from, to, not }: KeyRange,
  after: { readonly key: string | null; readonly isDescending: boolean },
  parameters: Parameters,
): string[] {
  return [
    from ? `key ${from.isIncluded ? '>=' : '>'} ${parameters.text(from.key)}` : '',
    to ? `key ${to.isIncluded ? '<=' : '<'} ${parameters.text(to.key)}` : '',
    not === undefined ? '' : `key <> ${parameters.text(not)}`,
    after.key === null ? '' : `key ${after.isDescending ? '<' : '>'} ${parameters.text(after.key)}`,
  ].filter((part) => part !== '')
}
