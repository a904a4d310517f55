import { isSameText } from '../same-text.ts'
import type { Pattern } from './pattern.ts'

const EXACT = 0
const WILD = 1

/**
 * A few simple patterns (at most one star, no exceptions) packed into one string and tried from front to back: kind, length
 * of head, length of tail, head, tail. `bench/access.ts` pays for it: one string is two places in memory for any number of
 * rules; as objects the rules were fifteen places, each of them a cache miss with 100,000 apps (4 µs a decision, not 2).
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
