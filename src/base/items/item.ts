import { invalid } from '../fault.ts'
import type { BaseLimits } from '../limits.ts'
import { isLongerThan } from './bytes-of-text.ts'
import { canonicalItem } from './canonical.ts'
import { checkValue, expiryOf } from './check-value.ts'
import { generateKey } from './generate-key.ts'
import { type Json, type JsonObject, isObject } from './json.ts'
import { toStored, toStoredJson } from './stored-text.ts'

/** An item as the database keeps it. */
export interface StoredItem {
  readonly key: string
  /** JSON of the whole item, `key` included. */
  readonly text: string
  /** Unix seconds. */
  readonly expires: number | null
}

/** What a client sent as an item, with a key where it had none. Throws BaseFault. */
export function readItem(sent: Json | undefined, limits: BaseLimits): StoredItem {
  if (!isObject(sent)) throw invalid('An item must be a JSON object')
  if (!Object.hasOwn(sent, 'key')) return storedItem({ key: generateKey(), ...sent }, limits)
  if (typeof sent.key !== 'string') throw invalid('The key of an item must be a string')
  if (sent.key === '') sent.key = generateKey()
  return storedItem(sent, limits)
}

/** Throws BaseFault for an item that breaks a limit. */
export function storedItem(item: JsonObject, limits: BaseLimits): StoredItem {
  checkValue(item, limits.depth)
  const text = toStoredJson(canonicalItem(item))
  requireBytes(text, limits.itemBytes, 'An item')
  return { key: readKey(item.key as string, limits), text, expires: expiryOf(item) }
}

/** A key as the database keeps it. Throws BaseFault for one that is too long. */
export function readKey(key: string, { keyBytes }: BaseLimits): string {
  requireBytes(key, keyBytes, 'A key')
  return toStored(key)
}

function requireBytes(text: string, most: number, what: string): void {
  if (isLongerThan(text, most)) throw invalid(`${what} may have at most ${most} bytes`)
}
