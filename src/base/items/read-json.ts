import { invalid } from '../fault.ts'
import type { Json } from './json.ts'
import { TOO_MANY_DIGITS } from './check-value.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const MANY_DIGITS = /\d{17}/

/** The value of a body; undefined for an empty one. Throws BaseFault for what is no JSON in UTF-8. */
export function readJson(bytes: Uint8Array): Json | undefined {
  requireShallow(bytes)
  const text = decode(bytes)
  if (text === '') return undefined
  try {
    const value = JSON.parse(text) as Json
    if (MANY_DIGITS.test(text)) requireExactIntegers(text)
    return value
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw invalid('The body is not valid JSON')
    throw error
  }
}

/** Where reading what is nested without end would hold this thread for seconds. */
const LARGE_BYTES = 65_536
/** More than items may have, and fewer than take long. */
const MOST_LEVELS = 2_000

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}')

function requireShallow(bytes: Uint8Array): void {
  if (bytes.length < LARGE_BYTES) return
  let levels = 0
  let isText = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (isText) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) isText = false
    } else if (byte === QUOTE) isText = true
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) levels += 1
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) levels -= 1
    if (levels > MOST_LEVELS) throw invalid('The body is nested too deep')
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalid('The body is not valid UTF-8')
  }
}

/** A whole number that a double cannot hold would come back as another one. */
function requireExactIntegers(text: string): void {
  JSON.parse(text, requireExact as (name: string, value: unknown) => unknown)
}

function requireExact(_: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value === 'number' && source !== undefined && isChanged(source, value))
    throw invalid(TOO_MANY_DIGITS)
  return value
}

/** Digits that the double of a number does not need, `12345678901234567000` for instance, change nothing. */
const isChanged = (source: string, value: number): boolean =>
  /^-?\d{17,}$/.test(source) && (!Number.isFinite(value) || !isSame(source, value))

const isSame = (source: string, value: number): boolean =>
  BigInt(source) === BigInt(value) || source === JSON.stringify(value)
