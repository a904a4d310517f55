import { AMBIGUOUS, hexValue, isUnreserved, kindOf, ORDINARY } from './octets.ts'

export type PathReading =
  | { readonly kind: 'plain' }
  /** `why` it could be read in another way by some server. */
  | { readonly kind: 'ambiguous'; readonly why: string }
  | { readonly kind: 'malformed'; readonly why: string }

/**
 * The careful look at a path that has percent signs, dots at the start of a segment, empty segments or rare bytes.
 * Every reading that a server is known to make is tried: decoding, `\` as `/`, `;` and blanks and NUL as the end of
 * a segment. A dot segment in any of them is malformed; any other difference is ambiguous. Linear.
 */
export function examinePath(path: string): PathReading {
  const { bytes, why: encoding, isBroken } = decodeOnce(path)
  if (isBroken) return { kind: 'malformed', why: 'a percent sign is not followed by two hexadecimal digits' }
  const segments = examineSegments(bytes)
  if (segments === 'dots') return { kind: 'malformed', why: 'a segment is . or ..' }
  const why = encoding ?? segments ?? examineText(path)
  return why === null ? { kind: 'plain' } : { kind: 'ambiguous', why }
}

/** The text of a plain path, as rules are written. */
export const textOf = (path: string): string => (path.includes('%') ? decodeURIComponent(path) : path)

interface Decoded {
  readonly bytes: string
  readonly why: string | null
  readonly isBroken: boolean
}

function decodeOnce(path: string): Decoded {
  let bytes = ''
  let why: string | null = null
  let from = 0
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i)
    if (code !== 0x25) {
      if (kindOf(code) === AMBIGUOUS) why ??= 'it has a byte that servers read differently'
      continue
    }
    const high = hexValue(path.charCodeAt(i + 1))
    const low = hexValue(path.charCodeAt(i + 2))
    if (high < 0 || low < 0) return { bytes, why, isBroken: true }
    const value = high * 16 + low
    why ??= encodedTrouble(value)
    bytes += path.slice(from, i) + String.fromCharCode(value)
    from = i + 3
    i += 2
  }
  return { bytes: bytes + path.slice(from), why, isBroken: false }
}

/** Why this byte should not have been encoded, or should not be there at all. Blanks are judged with the segment. */
function encodedTrouble(value: number): string | null {
  if (isUnreserved(value)) return 'it encodes a character that needs no encoding'
  if (value >= 0x80 || value === 0x20) return null
  if (value < 0x20 || value === 0x7f) return 'it encodes a control character'
  const isSafe = kindOf(value) === ORDINARY || '"<>`{}'.includes(String.fromCharCode(value))
  return isSafe ? null : 'it encodes a character that separates parts of a path'
}

/** `'dots'`, or why a segment is ambiguous, or null. `bytes` is decoded, so `\` and `/` stand for every spelling. */
function examineSegments(bytes: string): string | null {
  let why: string | null = null
  let start = 1
  for (let i = 1; i <= bytes.length; i++) {
    const code = i === bytes.length ? 0x2f : bytes.charCodeAt(i)
    if (code !== 0x2f && code !== 0x5c) continue
    const trouble = examineSegment(bytes, start, i)
    if (trouble === 'dots') return trouble
    why ??= trouble
    start = i + 1
  }
  return why
}

function examineSegment(bytes: string, start: number, end: number): string | null {
  if (start === end) return end === bytes.length ? null : 'it has an empty segment'
  let from = start
  while (from < end && bytes.charCodeAt(from) <= 0x20) from++
  let dots = from
  while (dots < end && bytes.charCodeAt(dots) === 0x2e) dots++
  const isOnlyDots = dots > from && (dots === end || isSegmentEnd(bytes.charCodeAt(dots)))
  if (isOnlyDots && dots - from <= 2) return 'dots'
  if (isOnlyDots) return 'a segment is only dots'
  const isPadded = from > start || bytes.charCodeAt(end - 1) === 0x20
  return isPadded ? 'a segment begins or ends with a blank' : null
}

/** Bytes at which some server stops reading a segment: path parameters, blanks, NUL, `?` and `#` once decoded. */
const isSegmentEnd = (code: number): boolean =>
  code <= 0x20 || code === 0x3b || code === 0x3f || code === 0x23

/** Why text beyond ASCII is ambiguous: not UTF-8, or look-alikes that normalise (NFKC) to characters with a meaning. */
function examineText(path: string): string | null {
  let text: string
  try {
    text = decodeURIComponent(path)
  } catch {
    return 'it is not valid UTF-8'
  }
  let rare = ''
  for (const char of text) {
    if (char <= '\x7f') continue
    if (isInvisibleControl(char)) return 'it encodes a control character'
    rare += char
  }
  for (const char of rare.normalize('NFKC')) {
    if (isStructural(char)) return 'it has a look-alike of a character that separates parts of a path'
  }
  return null
}

const isInvisibleControl = (char: string): boolean =>
  (char >= '\x80' && char <= '\x9f') || char === '\u2028' || char === '\u2029'

const isStructural = (char: string): boolean => './\\%;?# '.includes(char)
