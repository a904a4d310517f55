/**
 * JSON has texts that a database has not: U+0000 (PostgreSQL refuses it, SQLite ends texts there) and halves of surrogate
 * pairs (no UTF-8 for them). They are stored as a mark and four digits, and the mark itself likewise. Such texts sort by
 * their mark.
 */
import { type Json, type JsonObject, setOwn } from './json.ts'

/** A code point that Unicode keeps free of any character. */
const MARK = '\uFDD0'
const MARKED = /\uFDD0([0-9a-f]{4})/g
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\0\uFDD0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
/** How `JSON.stringify` writes them. May find others, too. */
const MAY_HAVE_SPECIAL = /\\u0000|\\ud[89a-f]|\uFDD0/

export const toStored = (text: string): string =>
  text.isWellFormed() && !text.includes('\0') && !text.includes(MARK)
    ? text
    : text.replace(SPECIAL, (unit) => MARK + unit.charCodeAt(0).toString(16).padStart(4, '0'))

export const fromStored = (text: string): string =>
  text.includes(MARK)
    ? text.replace(MARKED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : text

/** The JSON text of a value, as it is stored. */
export function toStoredJson(value: Json): string {
  const text = JSON.stringify(value)
  return MAY_HAVE_SPECIAL.test(text) ? JSON.stringify(withTexts(value, toStored)) : text
}

/** The JSON text of a stored one. */
export const fromStoredJson = (text: string): string =>
  text.includes(MARK) ? JSON.stringify(withTexts(JSON.parse(text) as Json, fromStored)) : text

/** The value with each text and each name of a member changed. */
export function withTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change))
  const copy: JsonObject = {}
  for (const name of Object.keys(value)) setOwn(copy, change(name), withTexts(value[name]!, change))
  return copy
}
