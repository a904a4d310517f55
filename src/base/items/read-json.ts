import { invalid } from '../fault.ts'
import type { Json } from './json.ts'
import { TOO_MANY_DIGITS } from './check-value.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const MANY_DIGITS = /\d{17}/

/** The value of a body; undefined for an empty one. Throws BaseFault for what is no JSON in UTF-8. */
export function readJson(bytes: Uint8Array): Json | undefined {
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
