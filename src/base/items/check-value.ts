import { invalid } from '../fault.ts'
import type { Json } from './json.ts'

export const TOO_MANY_DIGITS = 'Numbers have at most 16 significant digits: send larger ones as strings'

/** Throws BaseFault for what no item may contain. `depth` is how many levels are left. */
export function checkValue(value: Json, depth: number): void {
  if (typeof value === 'number') return checkNumber(value)
  if (typeof value !== 'object' || value === null) return
  if (depth <= 0) throw invalid('Items may not be nested this deep')
  if (Array.isArray(value)) for (const each of value) checkValue(each, depth - 1)
  else for (const name of Object.keys(value)) checkMember(name, value[name]!, depth - 1)
}

function checkMember(name: string, value: Json, depth: number): void {
  if (name === '') throw invalid('Attribute names cannot be empty')
  checkValue(value, depth)
}

function checkNumber(value: number): void {
  if (!Number.isFinite(value)) throw invalid(TOO_MANY_DIGITS)
}

/** As `__expires`: Unix seconds; null: none. */
export function expiryOf(item: { readonly [name: string]: Json }): number | null {
  const value = Object.hasOwn(item, '__expires') ? item.__expires : null
  if (value === null || typeof value === 'number') return value ?? null
  throw invalid('__expires must be a number of seconds since 1970')
}
