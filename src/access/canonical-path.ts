import { AMBIGUOUS, DOT, ILLEGAL, kindOf, PERCENT, QUESTION, SLASH } from './octets.ts'
import { examinePath } from './path-readings.ts'
import type { CanonicalPath } from './types.ts'

/**
 * Reads an origin-form request target (RFC 9112, 3.2.1; latin1: a character is a byte). The path is never changed:
 * what could be read in two ways is marked instead, because the part that decides and the part that serves must
 * not differ. Linear; one scan without allocation for the paths that browsers send.
 */
export function canonicalPath(target: string): CanonicalPath {
  if (target.charCodeAt(0) !== 0x2f) return malformed('the target does not begin with a slash')
  let queryAt = -1
  let needsCare = false
  let before = -1
  for (let i = 0; i < target.length; i++) {
    const kind = kindOf(target.charCodeAt(i))
    if (kind === ILLEGAL) return malformed('the target has a byte that no target may have')
    if (queryAt >= 0) continue
    if (kind === QUESTION) queryAt = i
    else if (kind === PERCENT || kind === AMBIGUOUS) needsCare = true
    else if (before === SLASH && (kind === SLASH || kind === DOT)) needsCare = true
    before = kind
  }
  const path = queryAt < 0 ? target : target.slice(0, queryAt)
  const query = queryAt < 0 ? '' : target.slice(queryAt)
  if (!needsCare) return { kind: 'path', path, query, isPlain: true }

  const reading = examinePath(path)
  if (reading.kind === 'malformed') return reading
  if (reading.kind === 'plain') return { kind: 'path', path, query, isPlain: true }
  return { kind: 'path', path, query, isPlain: false, why: reading.why }
}

const malformed = (why: string): CanonicalPath => ({ kind: 'malformed', why })
