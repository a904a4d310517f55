/** What a byte means in a request target, looked up by its value. */

/** All servers read it alike, raw or encoded. */
export const ORDINARY = 0
export const SLASH = 1
export const DOT = 2
export const PERCENT = 3
export const QUESTION = 4
/** Legal or found in practice, but some servers read it as a separator, decode it or strip it. */
export const AMBIGUOUS = 5
/** Never part of a target: control characters, space, `#` (RFC 3986, 2 and 3.5). */
export const ILLEGAL = 6

const kinds = new Uint8Array(256)
kinds.fill(AMBIGUOUS, 0x80)
kinds.fill(ILLEGAL, 0x00, 0x21)
kinds[0x7f] = ILLEGAL
for (const char of '#') kinds[char.charCodeAt(0)] = ILLEGAL
for (const char of ';\\"<>`{}') kinds[char.charCodeAt(0)] = AMBIGUOUS
kinds[0x2f] = SLASH
kinds[0x2e] = DOT
kinds[0x25] = PERCENT
kinds[0x3f] = QUESTION

/** The kind of a character code; anything above one byte is illegal in a latin1 string. */
export const kindOf = (code: number): number => kinds[code] ?? ILLEGAL

/** Letters, digits and `-._~`, which need no encoding (RFC 3986, 2.3): encoding them hides something. */
export function isUnreserved(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f ||
    code === 0x7e
  )
}

/** The value of a hexadecimal digit, or -1. */
export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
