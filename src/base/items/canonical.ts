import { type Json, type JsonObject, setOwn } from './json.ts'

/**
 * Equal values get equal texts by `JSON.stringify`: the members of objects are put in one order. So the database compares
 * lists and objects as text. The value itself, where it is in this order already.
 */
export function canonical(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? canonicalList(value) : canonicalObject(value)
}

/** An item as it is stored. No condition compares whole items, so their own members keep their order. */
export const canonicalItem = (item: JsonObject): JsonObject => rebuilt(item, Object.keys(item), false)

function canonicalList(list: Json[]): Json[] {
  const values = list.map(canonical)
  return values.every((value, at) => value === list[at]) ? list : values
}

function canonicalObject(object: JsonObject): JsonObject {
  const names = Object.keys(object)
  const isSorted = names.every((name, at) => at === 0 || names[at - 1]! < name)
  return rebuilt(object, isSorted ? names : names.sort(), !isSorted)
}

function rebuilt(object: JsonObject, names: readonly string[], isMoved: boolean): JsonObject {
  const values = names.map((name) => canonical(object[name]!))
  if (!isMoved && values.every((value, at) => value === object[names[at]!])) return object
  const copy: JsonObject = {}
  names.forEach((name, at) => setOwn(copy, name, values[at]!))
  return copy
}
