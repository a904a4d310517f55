import { isSameText } from '../same-text.ts'
import type { Pattern } from './pattern.ts'

const EXACT = 0
const WILD = 1

/**
 * A few simple patterns (at most one star, no exceptions) as one string, tried from front to back: kind, length of
 * head, length of tail, head, tail. One string is two places in memory, whatever the number of rules; as objects they
 * were fifteen, and with a hundred thousand apps each of them has to be fetched (4 µs a decision instead of 2).
 */
export const encodeRules = (patterns: ReadonlyArray<Exclude<Pattern, { kind: 'invalid' }>>): string =>
  patterns
    .map((pattern) =>
      pattern.kind === 'exact' ? encode(EXACT, pattern.text, '') : encode(WILD, pattern.head, pattern.tail),
    )
    .join('')

const encode = (kind: number, head: string, tail: string): string =>
  String.fromCharCode(kind, head.length, tail.length) + head + tail

/** The position of the first pattern that matches, or -1. */
export function findEncoded(encoded: string, text: string): number {
  for (let at = 0, position = 0; at < encoded.length; position++) {
    const headLength = encoded.charCodeAt(at + 1)
    const tailLength = encoded.charCodeAt(at + 2)
    const length = headLength + tailLength
    const fits = encoded.charCodeAt(at) === EXACT ? text.length === length : text.length >= length
    const head = at + 3
    const isMatch =
      fits &&
      isSameText(encoded, head, text, 0, headLength) &&
      isSameText(encoded, head + headLength, text, text.length - tailLength, tailLength)
    if (isMatch) return position
    at = head + length
  }
  return -1
}
