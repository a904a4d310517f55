import type { Field, HeadWriter, ResponseHead } from '../../wire/index.ts'
import { cookieFate } from './cookies.ts'
import { responseHeaderPolicy } from './header-policy.ts'
import { PassthroughLines } from './passthrough-lines.ts'
import { isAboutReaders, readableLines } from './readable-by.ts'

/**
 * The source of a response: apps may not set our cookies, the platform does. `private-micro`: for this client only, and
 * not for others who send the same request later. `data`: what users stored, which may be a page or a script.
 */
export type ResponseSource = 'micro' | 'private-micro' | 'platform' | 'data'

/** The request that a response answers, as far as the response depends on it. */
export interface AnsweredRequest {
  /** Host name of the request, in lower case. */
  readonly hostname: string
  /** Origin of a page of another site that may read the response; null: the app decides. */
  readonly readableBy: string | null
  /** This `Set-Cookie` was dropped because of its Domain. */
  onWideCookie(setCookie: string): void
}

/** Writes the field lines of a response for the client, as received except for what apps may not set. */
export function writeResponseLines(
  out: HeadWriter,
  head: ResponseHead,
  source: ResponseSource,
  answered: AnsweredRequest,
): void {
  const kept = new PassthroughLines(head.octets, out)
  const isPrivate = (source === 'private-micro' || source === 'data') && head.status >= 200
  let said = 0
  for (const field of head.fields) {
    const passes = !isOverruled(field, answered) && mayPass(field, head, source)
    if (passes !== true) {
      kept.flush()
      if (passes === 'as-cookie') writeCookie(out, field, answered)
      continue
    }
    kept.keep(field)
    if (isPrivate) said |= saidBy(field)
  }
  kept.flush()
  if (isPrivate) out.text(PRIVATE_LINES[said]!)
  if (source === 'data' && head.status >= 200) out.text(STORED_LINES)
  if (answered.readableBy !== null && head.status >= 200) out.text(readableLines(answered.readableBy))
}

/** Lines that protect a private answer; those that the app does not set itself are added. */
const RULES = [
  // A shared cache could store the answer for others: unlike Authorization, a cookie does not prevent that (RFC 9111,
  // 3.5).
  'Cache-Control: private\r\n',
  // On plain http there is no Fetch Metadata, and a sibling app shares the site of the cookie: its pages could load the
  // answer as a script or an image (Fetch, 3.7), or show it in a frame and have it clicked. With Fetch Metadata both
  // requests are refused; browsers prefer `frame-ancestors` to the last line, if the app sets it.
  'Cross-Origin-Resource-Policy: same-origin\r\n',
  'X-Frame-Options: SAMEORIGIN\r\n',
] as const

/**
 * A stored file that is opened as a page runs nothing, although it comes from the app's own host; as an image, a video or
 * the answer of a `fetch` it is not affected.
 */
const STORED_LINES =
  "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\nX-Content-Type-Options: nosniff\r\n"

/** The lines to add, by the set of rules (as bits) that the app has set itself. */
const PRIVATE_LINES = Array.from({ length: 1 << RULES.length }, (_, said) =>
  RULES.filter((_, rule) => (said & (1 << rule)) === 0).join(''),
)

/** Reads a value only if the field is one of the rules. */
function saidBy(field: Field): number {
  switch (field.key) {
    case 'cache-control':
      return /\b(?:private|no-store)\b(?!\s*=)/i.test(field.value) ? 1 : 0
    case 'cross-origin-resource-policy':
      return 2
    case 'x-frame-options':
      return 4
    default:
      return 0
  }
}

const isOverruled = (field: Field, { readableBy }: AnsweredRequest): boolean =>
  readableBy !== null && isAboutReaders(field.key)

/** Set by `STORED_LINES`. */
const OURS_FOR_STORED = new Set(['content-security-policy', 'x-content-type-options'])

function mayPass(field: Field, head: ResponseHead, source: ResponseSource): boolean | 'as-cookie' {
  const { status, connectionFields } = head
  // Except for the length, without which the answer could not be read as it was sent.
  if (field.key !== 'content-length' && connectionFields.includes(field.key)) return false
  if (source === 'data' && OURS_FOR_STORED.has(field.key)) return false
  switch (responseHeaderPolicy(field.key)) {
    case 'keep':
      return true
    case 'drop':
      return false
    case 'cookie':
      return source === 'platform' || (source !== 'data' && 'as-cookie')
    case 'clear-site-data':
      // Cookies are cleared for the whole domain: an app would sign its owner out of Home and of all other apps.
      return !/cookies|\*/i.test(field.value)
    case 'shared-cache':
      return source === 'micro' || source === 'platform'
    case 'length':
      // A 204 has no length (RFC 9110, 8.6); a client that accepted one would wait for a body.
      return status !== 204 && status >= 200
  }
}

function writeCookie(out: HeadWriter, field: Field, { hostname, onWideCookie }: AnsweredRequest): void {
  const fate = cookieFate(field.value, hostname)
  switch (fate.kind) {
    case 'keep':
      return out.text(`${field.line}\r\n`)
    case 'host-only':
      return out.text(`Set-Cookie: ${fate.text}\r\n`)
    case 'wide':
      return onWideCookie(field.value)
    case 'ours':
  }
}

/** Writes the lines of a 101 that name the chosen protocols. */
export function writeUpgradeLines(out: HeadWriter, head: ResponseHead): void {
  out.text('Connection: Upgrade\r\n')
  for (const field of head.fields) if (field.key === 'upgrade') out.text(`${field.line}\r\n`)
}

/** Trailer fields of a response that may pass; the wire has taken out those that frame or route already. */
export const cleanTrailers = (trailers: readonly Field[]): readonly Field[] =>
  trailers.length === 0 ? trailers : trailers.filter((field) => responseHeaderPolicy(field.key) === 'keep')
