import type { LocalRequest } from '../respond/local-response.ts'

export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string
  /** Whole seconds, as in Last-Modified; null if there is none. */
  readonly modifiedMs: number | null
}

export type Verdict = 'proceed' | 'not-modified' | 'failed'

/**
 * Preconditions of a GET or HEAD in the order of RFC 9110 13.2.2; the Range of a request that proceeds is judged
 * by `mayContinue`.
 */
export function judgeConditions(request: LocalRequest, validators: Validators): Verdict {
  const ifMatch = request.header('if-match')
  if (ifMatch !== null) {
    if (!listsStrong(ifMatch, validators.etag)) return 'failed'
  } else if (isModifiedSince(request.header('if-unmodified-since'), validators)) return 'failed'

  const ifNoneMatch = request.header('if-none-match')
  if (ifNoneMatch !== null) return listsWeak(ifNoneMatch, validators.etag) ? 'not-modified' : 'proceed'
  return isSameDate(request.header('if-modified-since'), validators) ? 'not-modified' : 'proceed'
}

/**
 * If-Range (RFC 9110 13.1.5): whether the client's part belongs to exactly this content. A date never matches: only a
 * client without an ETag may send one, and every file has an ETag.
 */
export function mayContinue(request: LocalRequest, validators: Validators): boolean {
  const ifRange = request.header('if-range')
  return ifRange === null || ifRange.trim() === validators.etag
}

const ENTITY_TAG = /(W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

const entityTags = (value: string): readonly string[] => value.match(ENTITY_TAG) ?? []

const listsStrong = (value: string, etag: string): boolean =>
  value.trim() === '*' || entityTags(value).includes(etag)

/** Weak comparison: a proxy that compressed the body has put `W/` before our tag. */
const listsWeak = (value: string, etag: string): boolean =>
  value.trim() === '*' || entityTags(value).some((tag) => tag.replace(/^W\//, '') === etag)

function isModifiedSince(value: string | null, { modifiedMs }: Validators): boolean {
  const date = readHttpDate(value)
  return date !== null && modifiedMs !== null && modifiedMs > date
}

/**
 * If-Modified-Since by equality, not by order: after a roll-back to an earlier revision the file is older than the
 * client's copy, and different.
 */
function isSameDate(value: string | null, { modifiedMs }: Validators): boolean {
  const date = readHttpDate(value)
  return date !== null && date === modifiedMs
}

const HTTP_DATE = /^(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?,? [\w: -]+$/

/** All three forms of RFC 9110 5.6.7; milliseconds, or null for an invalid date, which must be ignored. */
export function readHttpDate(value: string | null): number | null {
  if (value === null || !HTTP_DATE.test(value)) return null
  const date = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
  return Number.isNaN(date) ? null : date
}
