import { invalid } from '../fault.ts'
import { checkValue } from '../items/check-value.ts'
import { type Json, type JsonObject, isObject } from '../items/json.ts'
import type { BaseLimits } from '../limits.ts'

export type Change =
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: Json }
  | { readonly kind: 'increment'; readonly path: readonly string[]; readonly by: number }
  | {
      readonly kind: 'append' | 'prepend'
      readonly path: readonly string[]
      readonly values: readonly Json[]
    }
  | { readonly kind: 'delete'; readonly path: readonly string[] }

export interface Update {
  readonly changes: readonly Change[]
  /** The parts as they were sent, for the answer. */
  readonly parts: JsonObject
}

const PARTS = ['set', 'increment', 'append', 'prepend', 'delete'] as const

/** Throws BaseFault for what can be applied to no item. */
export function parseUpdate(sent: Json | undefined, limits: BaseLimits): Update {
  if (!isObject(sent)) throw invalid('An update must be a JSON object')
  const parts: JsonObject = {}
  const changes: Change[] = []
  for (const part of PARTS) {
    const value = Object.hasOwn(sent, part) ? sent[part] : null
    if (value === null || value === undefined) continue
    checkValue(value, limits.depth)
    parts[part] = value
    requireFew(changes.length + Object.keys(value).length, limits)
    changes.push(...parsePart(part, value, limits))
  }
  if (changes.length === 0)
    throw invalid('The update changes nothing: set, increment, append, prepend or delete')
  requireApart(changes)
  return { changes, parts }
}

function requireFew(changes: number, limits: BaseLimits): void {
  if (changes > limits.changes) throw invalid(`An update may name at most ${limits.changes} attributes`)
}

function parsePart(part: (typeof PARTS)[number], value: Json, limits: BaseLimits): Change[] {
  if (part === 'delete') return parseDelete(value, limits)
  if (!isObject(value)) throw invalid(`${part} must be a JSON object`)
  return Object.keys(value).map((name) => parseChange(part, name, value[name]!, limits))
}

function parseDelete(value: Json, limits: BaseLimits): Change[] {
  if (!Array.isArray(value)) throw invalid('delete must be a list of attributes')
  return value.map((name) => {
    if (typeof name !== 'string') throw invalid('delete must be a list of attributes')
    return { kind: 'delete', path: parsePath(name, limits) }
  })
}

function parseChange(
  kind: 'set' | 'increment' | 'append' | 'prepend',
  name: string,
  value: Json,
  limits: BaseLimits,
): Change {
  const path = parsePath(name, limits)
  if (kind === 'set') return { kind, path, value }
  if (kind === 'increment') {
    if (typeof value !== 'number') throw invalid(`increment takes numbers: ${name} has none`)
    return { kind, path, by: value }
  }
  if (!Array.isArray(value)) throw invalid(`${kind} takes lists: ${name} has none`)
  return { kind, path, values: value }
}

function parsePath(name: string, { depth }: BaseLimits): string[] {
  const path = name.split('.', depth + 1)
  if (path.length > depth) throw invalid('Items may not be nested this deep')
  if (path.includes('')) throw invalid('Attribute names cannot be empty')
  if (path[0] === 'key') throw invalid('The key of an item cannot be changed')
  return path
}

/** Sorted, an attribute stands right before what is inside it, or before its equal. */
function requireApart(changes: readonly Change[]): void {
  const paths = changes.map(({ path }) => `${path.join('\0')}\0`).sort()
  const at = paths.findIndex((path, at) => at > 0 && path.startsWith(paths[at - 1]!))
  if (at === -1) return
  const name = paths[at]!.slice(0, -1).replaceAll('\0', '.')
  throw invalid(`The update changes ${name} more than once`)
}
