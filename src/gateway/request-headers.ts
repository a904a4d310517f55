import type { Principal } from '../access/index.ts'
import type { Field, RequestHead } from '../wire/index.ts'
import { withoutOurCookies } from './cookies.ts'
import { requestFate } from './field-policy.ts'
import { KeptLines } from './kept-lines.ts'

/** Who a request is forwarded to. */
export type Audience =
  | { readonly kind: 'micro'; readonly principal: Principal }
  /** `instanceId` is null for Home; `principal` where the platform is asked on an app's host. */
  | {
      readonly kind: 'platform'
      readonly instanceId: string | null
      readonly principal: Principal | null
    }

/** What we say about a request, in place of whatever the client said. */
export interface Provenance {
  readonly clientAddress: string
  readonly scheme: 'http' | 'https'
  readonly requestId: string
}

/**
 * The head of the request for an upstream: request line and field lines, each with CRLF, without the empty line.
 * Lines that need no change are passed on as they were received, in their order; ours come last.
 */
export function requestHeadFor(
  request: RequestHead,
  target: string,
  audience: Audience,
  provenance: Provenance,
): string {
  let head = `${request.method} ${target} HTTP/1.1\r\n`
  const kept = new KeptLines(request.text)
  for (const field of request.fields) {
    const change = changeOf(field, request, audience)
    if (change === null) kept.keep(field)
    else head += kept.take() + change
  }
  head += kept.take()
  if (request.framing.kind === 'chunked') head += 'Transfer-Encoding: chunked\r\n'
  if (mayUpgrade(request)) head += `Connection: Upgrade\r\nUpgrade: ${request.upgrade}\r\n`
  return head + provenanceLines(request, provenance) + audienceLines(request, audience, provenance)
}

/** The lines that take a field's place, or null if it is passed on as it is. */
function changeOf(field: Field, request: RequestHead, audience: Audience): string | null {
  if (isNamedByConnection(request, field.key)) return ''
  const fate = requestFate(field.key)
  if (fate === 'keep') return null
  if (fate === 'drop') return ''
  if (audience.kind === 'platform') return null
  switch (fate) {
    case 'cookie':
      return changeOfCookies(field)
    case 'api-key':
      return audience.principal.kind === 'app' ? '' : null
    case 'drop-for-micro':
      return ''
  }
}

function changeOfCookies(field: Field): string | null {
  const cookies = withoutOurCookies(field.value)
  if (cookies === null) return ''
  return cookies.length === field.value.length ? null : `Cookie: ${cookies}\r\n`
}

/**
 * A client may name further fields of its own for this hop only. Not those that frame or route the request: without
 * them the upstream would read another request than we judged.
 */
function isNamedByConnection({ connectionFields }: RequestHead, key: string): boolean {
  return (
    connectionFields.length > 0 &&
    key !== 'host' &&
    key !== 'content-length' &&
    connectionFields.includes(key)
  )
}

/**
 * Not to another version of HTTP: a client that speaks h2c with the app behind our back would send requests that
 * nobody judges.
 */
export function mayUpgrade(request: RequestHead): boolean {
  return request.upgrade !== null && !/(?:^|[\s,])(?:h2c?|http|tls)\b/i.test(request.upgrade)
}

function provenanceLines(request: RequestHead, { clientAddress, scheme, requestId }: Provenance): string {
  return (
    `X-Forwarded-For: ${clientAddress}\r\nX-Forwarded-Proto: ${scheme}\r\n` +
    `X-Forwarded-Host: ${request.host}\r\nX-Request-Id: ${requestId}\r\n`
  )
}

function audienceLines(request: RequestHead, audience: Audience, { clientAddress }: Provenance): string {
  if (audience.kind === 'micro') {
    const { principal } = audience
    const who = `X-Space-Principal: ${principalText(principal)}\r\n`
    return principal.kind === 'key' ? `${who}X-Space-Key-Name: ${encodeName(principal.name)}\r\n` : who
  }
  let lines = `X-Space-Gateway-Client: ${clientAddress}\r\nX-Space-Gateway-Target: ${request.target}\r\n`
  if (audience.instanceId !== null) lines += `X-Space-Gateway-Instance: ${audience.instanceId}\r\n`
  if (audience.principal !== null)
    lines += `X-Space-Gateway-Principal: ${principalText(audience.principal)}\r\n`
  return lines
}

/** `anonymous`, `app`, `key:<id>` or `user:<id>`. */
export function principalText(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous':
    case 'app':
      return principal.kind
    case 'key':
      return `key:${principal.id}`
    case 'user':
      return `user:${principal.userId}`
  }
}

/** Names are chosen by people: everything outside printable ASCII goes percent-encoded, so that it stays one line. */
const encodeName = (name: string): string =>
  name.toWellFormed().replace(/[^\x20-\x7e]|%/gu, (char) => encodeURIComponent(char))
