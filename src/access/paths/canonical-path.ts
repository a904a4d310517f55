import { AMBIGUOUS, DOT, ILLEGAL, kindOf, PERCENT, QUESTION, SLASH } from './octets.ts'
import { examinePath } from './path-ambiguity.ts'
import type { CanonicalPath } from '../types.ts'

/**
 * Reads an origin-form request target (RFC 9112, 3.2.1; latin1: a character is a byte). The path is never changed: what
 * servers could read differently is marked instead, because what is judged and what is served must be the same. Linear;
 * one scan without allocation for the paths that browsers send.
 */
export function canonicalPath(target: string): CanonicalPath {
  if (target.charCodeAt(0) !== 0x2f) return malformed('the target does not begin with a slash')
  const question = target.indexOf('?')
  const end = question < 0 ? target.length : question
  const look = lookAt(target, end)
  if (look === 'illegal' || !isLegal(target, end))
    return malformed('the target has a byte that no target may have')
  const path = target.slice(0, end)
  const query = target.slice(end)
  if (look === 'plain') return { kind: 'path', path, query, isPlain: true }

  const reading = examinePath(path)
  if (reading.kind === 'malformed') return reading
  if (reading.kind === 'plain') return { kind: 'path', path, query, isPlain: true }
  return { kind: 'path', path, query, isPlain: false, why: reading.why }
}

/** Whether `canonicalPath` finds this plain and without a query, without allocating a result. */
export function isPlainPath(path: string): boolean {
  if (path.charCodeAt(0) !== 0x2f) return false
  const look = lookAt(path, path.length)
  return look === 'plain' || (look === 'needs care' && examinePath(path).kind === 'plain')
}

/** The fast scan of a path, up to its query. */
function lookAt(target: string, end: number): 'plain' | 'needs care' | 'illegal' {
  let needsCare = false
  let before = -1
  for (let i = 0; i < end; i++) {
    const kind = kindOf(target.charCodeAt(i))
    if (kind === ILLEGAL || kind === QUESTION) return 'illegal'
    if (kind === PERCENT || kind === AMBIGUOUS) needsCare = true
    else if (before === SLASH && (kind === SLASH || kind === DOT)) needsCare = true
    before = kind
  }
  return needsCare ? 'needs care' : 'plain'
}

function isLegal(target: string, from: number): boolean {
  for (let i = from; i < target.length; i++) if (kindOf(target.charCodeAt(i)) === ILLEGAL) return false
  return true
}

const malformed = (why: string): CanonicalPath => ({ kind: 'malformed', why })
