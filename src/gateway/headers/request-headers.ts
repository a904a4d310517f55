import { principalText, type Principal } from '../../access/index.ts'
import type { Field, HeadWriter, RequestHead } from '../../wire/index.ts'
import { withoutOurCookies } from './cookies.ts'
import { requestHeaderPolicy } from './header-policy.ts'
import { PassthroughLines } from './passthrough-lines.ts'
import type { ForwardedValues } from './forwarded.ts'
import type { HeaderCache } from './header-cache.ts'
import { mayUpgrade } from './upgrade.ts'

/** Who a request is forwarded to. */
export type Audience =
  | {
      readonly kind: 'micro'
      readonly principal: Principal
      /**
       * The signed identity, created when the head is sent, because a micro may take long to wake. Null: there is no
       * secret.
       */
      readonly identity: () => string | null
      /** The answer may be a page to change: it is asked for uncompressed. */
      readonly isReadable: boolean
    }
  /** `instanceId` is null for Home; `principal` is set for requests on an app's host. */
  | {
      readonly kind: 'platform'
      readonly instanceId: string | null
      readonly principal: Principal | null
      /** The body of a GET, as base64. */
      readonly body: string | null
    }
  | {
      readonly kind: 'data'
      readonly service: 'base' | 'drive'
      /** What the session opens; null: the request's own key decides. */
      readonly collectionId: string | null
      readonly target: string
    }

/** The head that is sent to an upstream in place of the request's own. */
export interface ForwardedHead {
  readonly request: RequestHead
  /** Path and query for the upstream. */
  readonly target: string
  readonly audience: Audience
  readonly forwarded: ForwardedValues
  /** The connection to the upstream ends with this request. */
  readonly isLast: boolean
  /** Cache of the request's section; null if the request was changed. */
  readonly headerCache: HeaderCache | null
}

/**
 * Writes the head of the request for an upstream, with the empty line. Lines that need no change are passed on as
 * they were received, in their order; ours come last.
 */
export function writeRequestHead(out: HeadWriter, head: ForwardedHead): void {
  const { request } = head
  out.text(request.method)
  out.text(' ')
  out.text(head.target)
  out.text(' HTTP/1.1\r\n')
  if (request.upgrade === null) writeSection(out, head)
  else writeFields(out, head)
  out.text(head.forwarded.requestId)
  out.text(head.isLast ? '\r\nConnection: close\r\n' : '\r\n')
  writeAudience(out, head)
  out.text('\r\n')
}

/** The lines that depend on the section: from the cache if it was repeated, and into the cache for the next request. */
function writeSection(out: HeadWriter, head: ForwardedHead): void {
  const { audience, headerCache } = head
  if (headerCache === null || audience.kind !== 'micro') return writeFields(out, head)
  const principal = audience.principal.kind
  const known = headerCache.lines
  if (known?.principal === principal) return out.octets(known.octets, 0, known.octets.length)
  const start = out.length
  writeFields(out, head)
  if (headerCache.isRepeated) headerCache.lines = { principal, octets: out.copyFrom(start) }
}

/** Everything up to the value of `X-Request-Id`. */
function writeFields(out: HeadWriter, head: ForwardedHead): void {
  const { request, audience } = head
  const kept = new PassthroughLines(request.octets, out)
  for (const field of request.fields) {
    const change = changeOf(field, request, audience)
    if (change === 'keep') kept.keep(field)
    else {
      kept.flush()
      if (change !== 'drop') writeLine(out, 'Cookie: ', change.cookies)
    }
  }
  kept.flush()
  if (request.framing.kind === 'chunked') out.text('Transfer-Encoding: chunked\r\n')
  if (mayUpgrade(request)) out.text(`Connection: Upgrade\r\nUpgrade: ${request.upgrade}\r\n`)
  writeForwarded(out, head)
}

/** Trailer fields of a request that may pass; the wire has taken out those that frame, route or authenticate already. */
export const passingTrailers = (trailers: readonly Field[]): readonly Field[] =>
  trailers.filter((field) => requestHeaderPolicy(field.key) === 'keep')

function writeLine(out: HeadWriter, name: string, value: string): void {
  out.text(name)
  out.text(value)
  out.text('\r\n')
}

/** What becomes of a field: `cookies` is what is left of a Cookie field. */
type Change = 'keep' | 'drop' | { readonly cookies: string }

function changeOf(field: Field, request: RequestHead, audience: Audience): Change {
  if (isNamedByConnection(request, field.key)) return 'drop'
  if (audience.kind === 'micro' && audience.isReadable && field.key === 'accept-encoding') return 'drop'
  if (audience.kind === 'data') return changeForData(field.key, audience.collectionId !== null)
  const fate = requestHeaderPolicy(field.key)
  if (fate === 'keep' || fate === 'drop') return fate
  if (audience.kind === 'platform') return 'keep'
  switch (fate) {
    case 'cookie':
      return changeOfCookies(field)
    case 'api-key':
      return audience.principal.kind === 'app' ? 'drop' : 'keep'
    case 'method-override':
      return audience.principal.kind === 'key' ? 'drop' : 'keep'
    case 'drop-for-micro':
      return 'drop'
  }
}

/** With a session, keys are dropped: pages send `dummy` (COMPAT 1.9), and no key may open another collection. */
function changeForData(key: string, hasSession: boolean): 'keep' | 'drop' {
  const isKey = key === 'x-api-key' || key === 'authorization'
  if (isKey) return hasSession ? 'drop' : 'keep'
  return requestHeaderPolicy(key) === 'keep' ? 'keep' : 'drop'
}

function changeOfCookies(field: Field): Change {
  const cookies = withoutOurCookies(field.value)
  if (cookies === null) return 'drop'
  return cookies.length === field.value.length ? 'keep' : { cookies }
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

function writeForwarded(out: HeadWriter, { request, forwarded }: ForwardedHead): void {
  writeLine(out, 'X-Forwarded-For: ', forwarded.clientAddress)
  writeLine(out, 'X-Forwarded-Proto: ', forwarded.scheme)
  writeLine(out, 'X-Forwarded-Host: ', request.host)
  out.text('X-Request-Id: ')
}

function writeAudience(out: HeadWriter, { request, audience, forwarded }: ForwardedHead): void {
  if (audience.kind === 'micro') {
    const { principal } = audience
    if (audience.isReadable) writeLine(out, 'Accept-Encoding: ', 'identity')
    const identity = audience.identity()
    if (identity !== null) writeLine(out, 'X-Space-Identity: ', identity)
    writePrincipal(out, 'X-Space-Principal: ', principal)
    if (principal.kind === 'key') writeLine(out, 'X-Space-Key-Name: ', encodeName(principal.name))
    return
  }
  if (audience.kind === 'data') {
    writeLine(out, 'X-Space-Gateway-Service: ', audience.service)
    writeLine(out, 'X-Space-Gateway-Target: ', audience.target)
    if (audience.collectionId !== null) writeLine(out, 'X-Space-Gateway-Collection: ', audience.collectionId)
    return
  }
  const { instanceId, principal, body } = audience
  writeLine(out, 'X-Space-Gateway-Client: ', forwarded.clientAddress)
  writeLine(out, 'X-Space-Gateway-Target: ', request.target)
  if (instanceId !== null) writeLine(out, 'X-Space-Gateway-Instance: ', instanceId)
  if (principal !== null) writePrincipal(out, 'X-Space-Gateway-Principal: ', principal)
  if (body !== null) writeLine(out, 'X-Space-Gateway-Body: ', body)
}

/** Writes `principalText` without creating the string. */
function writePrincipal(out: HeadWriter, name: string, principal: Principal): void {
  out.text(name)
  if (principal.kind !== 'user') return out.text(`${principalText(principal)}\r\n`)
  out.text('user:')
  out.text(principal.userId)
  out.text('\r\n')
}

/**
 * Names are chosen by users: everything outside printable ASCII is percent-encoded, so that the name stays on one line.
 */
const encodeName = (name: string): string =>
  PLAIN_NAME.test(name)
    ? name
    : name.toWellFormed().replace(/[^\x20-\x7e]|%/gu, (char) => encodeURIComponent(char))

const PLAIN_NAME = /^[\x20-\x24\x26-\x7e]*$/
