import { invalid } from '../fault.ts'
import { type Json, type JsonObject, isObject, setOwn } from '../items/json.ts'
import type { Change } from './parse-update.ts'

/** Changes `item`, which no caller may see when this throws BaseFault. */
export function applyUpdate(item: JsonObject, changes: readonly Change[]): void {
  for (const change of changes) apply(parentOf(item, change.path), change)
}

function parentOf(item: JsonObject, path: readonly string[]): JsonObject {
  let parent: JsonObject = item
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(parent, name) ? parent[name] : undefined
    if (!isObject(next)) throw invalid(`${path.join('.')} cannot be changed: ${name} is not an object`)
    parent = next
  }
  return parent
}

function apply(parent: JsonObject, change: Change): void {
  const name = change.path.at(-1)!
  if (change.kind === 'delete') delete parent[name]
  else setOwn(parent, name, changed(Object.hasOwn(parent, name) ? parent[name] : undefined, change))
}

function changed(value: Json | undefined, change: Exclude<Change, { kind: 'delete' }>): Json {
  switch (change.kind) {
    case 'set':
      return change.value
    case 'increment':
      return incremented(value === undefined ? 0 : value, change)
    case 'append':
      return [...listOf(value, change), ...change.values]
    case 'prepend':
      return [...change.values, ...listOf(value, change)]
  }
}

function incremented(value: Json, { path, by }: { path: readonly string[]; by: number }): number {
  if (typeof value !== 'number') throw invalid(`${path.join('.')} cannot be incremented: it is not a number`)
  return value + by
}

/** A missing attribute is an empty list. */
function listOf(value: Json | undefined, { path, kind }: { path: readonly string[]; kind: string }): Json[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw invalid(`${kind} is not possible: ${path.join('.')} is not a list`)
  return value
}
