import { AMBIGUOUS, hexValue, isUnreserved, kindOf, ORDINARY } from './octets.ts'

export type PathReading =
  | { readonly kind: 'plain' }
  /** `why`: how some server could read it differently. */
  | { readonly kind: 'ambiguous'; readonly why: string }
  | { readonly kind: 'malformed'; readonly why: string }

/**
 * The full scan of a path that has percent signs, dots at the start of a segment, empty segments or rare bytes. Every
 * reading that a server is known to make is tried: decoding, `\` as `/`, `;` and blanks and NUL as the end of a
 * segment. A dot segment in any of them is malformed; any other difference is ambiguous. Linear.
 */
export function examinePath(path: string): PathReading {
  const decoded = decodeOnce(path)
  if (decoded === null) {
    return { kind: 'malformed', why: 'a percent sign is not followed by two hexadecimal digits' }
  }
  const segments = examineSegments(decoded.bytes)
  if (segments === 'dots') return { kind: 'malformed', why: 'the path has a segment "." or ".."' }
  const why = decoded.why ?? segments ?? examineText(path)
  return why === null ? { kind: 'plain' } : { kind: 'ambiguous', why }
}

/** The text of a plain path, as rules are written. */
export const textOf = (path: string): string => (path.includes('%') ? decodeURIComponent(path) : path)

/**
 * The same for routers that match before they decode (Express, Koa, Hono): for them `/%40ada` is not `/@ada`. An
 * encoded character that may also be sent raw stays encoded.
 */
export const spelledTextOf = (path: string): string =>
  path.includes('%') ? decodeURIComponent(path.replace(ENCODED_RESERVED, '%25$1')) : path

/**
 * `sub-delims`, `:`, `@` and other characters that all servers read alike when raw (RFC 3986, 2.2): ``! $ & ' ( ) * + ,
 * : = @ [ ] ^ |``.
 */
const ENCODED_RESERVED = /%(2[146-9a-c]|3[ad]|40|5[bde]|7c)/gi

/** The bytes after percent-decoding, and why one of them is ambiguous or needlessly encoded. */
function decodeOnce(path: string): { readonly bytes: Uint8Array; readonly why: string | null } | null {
  const bytes = new Uint8Array(path.length)
  let length = 0
  let why: string | null = null
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i)
    if (code === 0x25) {
      const high = hexValue(path.charCodeAt(i + 1))
      const low = hexValue(path.charCodeAt(i + 2))
      if (high < 0 || low < 0) return null
      const value = high * 16 + low
      why ??= encodedTrouble(value)
      bytes[length++] = value
      i += 2
    } else {
      if (kindOf(code) === AMBIGUOUS) why ??= 'it has a byte that servers read differently'
      bytes[length++] = code
    }
  }
  return { bytes: bytes.subarray(0, length), why }
}

/** Why this byte is needlessly encoded or not allowed at all. Blanks are judged with the segment. */
function encodedTrouble(value: number): string | null {
  if (isUnreserved(value)) return 'it encodes a character that needs no encoding'
  if (value >= 0x80 || value === 0x20) return null
  if (value < 0x20 || value === 0x7f) return 'it encodes a control character'
  const isSafe = kindOf(value) === ORDINARY || '"<>`{}'.includes(String.fromCharCode(value))
  return isSafe ? null : 'it encodes a character that separates parts of a path'
}

/** `'dots'`, or why a segment is ambiguous, or null. Decoded `\` and `/` represent every spelling of them. */
function examineSegments(bytes: Uint8Array): string | null {
  let why: string | null = null
  let start = 1
  for (let i = 1; i <= bytes.length; i++) {
    const code = bytes[i]
    if (code !== undefined && code !== 0x2f && code !== 0x5c) continue
    const trouble = examineSegment(bytes, start, i)
    if (trouble === 'dots') return trouble
    why ??= trouble
    start = i + 1
  }
  return why
}

function examineSegment(bytes: Uint8Array, start: number, end: number): string | null {
  if (start === end) return end === bytes.length ? null : 'it has an empty segment'
  let from = start
  while (from < end && isBlank(bytes[from])) from++
  let dots = from
  while (dots < end && bytes[dots] === 0x2e) dots++
  const isOnlyDots = dots > from && (dots === end || isSegmentEnd(bytes[dots]))
  if (isOnlyDots && dots - from <= 2) return 'dots'
  if (isOnlyDots) return 'a segment is only dots'
  const isPadded = from > start || isBlank(bytes[end - 1])
  return isPadded ? 'a segment begins or ends with a blank' : null
}

const isBlank = (code = 0): boolean => code <= 0x20

/** Bytes at which some servers stop reading a segment: path parameters, blanks, NUL, `?` and `#` once decoded. */
const isSegmentEnd = (code = 0): boolean => isBlank(code) || code === 0x3b || code === 0x3f || code === 0x23

/** Why text beyond ASCII is ambiguous: not UTF-8, or look-alikes that normalise (NFKC) to characters with a meaning. */
function examineText(path: string): string | null {
  let text: string
  try {
    text = decodeURIComponent(path)
  } catch {
    return 'it is not valid UTF-8'
  }
  if (hasInvisibleControl(text)) return 'it encodes a control character'
  const hasLookAlike = structuralCount(text.normalize('NFKC')) > structuralCount(text)
  return hasLookAlike ? 'it has a look-alike of a character that separates parts of a path' : null
}

/** C1 controls, and the line and paragraph separators. */
function hasInvisibleControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code >= 0x80 && code <= 0x9f) || code === 0x2028 || code === 0x2029) return true
  }
  return false
}

/** The number of `. / \ % ; ? #` and blanks in it. */
function structuralCount(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) if (STRUCTURAL.includes(text.charCodeAt(i))) count++
  return count
}

const STRUCTURAL = [...'./\\%;?# '].map((char) => char.charCodeAt(0))
