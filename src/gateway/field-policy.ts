import { KNOWN_NAMES } from '../wire/index.ts'

/**
 * Which fields may pass the front door. Names are compared with `_` and `.` read as `-`: CGI-like servers
 * (WSGI, PHP) fold all three into one variable, so `X_Space_Principal` would be read as ours.
 */

/** The name every server could make of `key`, which is in lower case. */
const foldedName = (key: string): string =>
  key.includes('_') || key.includes('.') ? key.replace(/[_.]/g, '-') : key

/** They speak of one connection only (RFC 9110, 7.6.1); what holds for the next one is written anew. */
const HOP_BY_HOP = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Claims about the client, the path or the way here, which only we can make; and `Proxy` (httpoxy). */
const CLAIMS = new Set([
  'client-ip',
  'forwarded',
  'forwarded-for',
  'proxy',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-real-ip',
  'x-request-id',
  'x-rewrite-uri',
  'x-rewrite-url',
])

/** Fields that decide about framing, routing or identity: only under their one proper name. */
const EXACT_ONLY = new Set(['content-length', 'content-type', 'cookie', 'host', 'authorization', 'x-api-key'])

/** What becomes of a request field on its way to an upstream. */
export type RequestFate =
  | 'keep'
  | 'drop'
  /** Ours towards a micro, so dropped from what the client sent; the platform is a client's partner itself. */
  | 'drop-for-micro'
  /** Our cookies are taken out for a micro. */
  | 'cookie'
  /** Dropped for a micro if it is what let the request in. */
  | 'api-key'

/** `key` in lower case. */
export const requestFate = (key: string): RequestFate => REQUEST_FATES.get(key) ?? findRequestFate(key)

/** What becomes of a response field on its way to the client. */
export type ResponseFate = 'keep' | 'drop' | 'cookie' | 'length'

export const responseFate = (key: string): ResponseFate => RESPONSE_FATES.get(key) ?? findResponseFate(key)

function findRequestFate(key: string): RequestFate {
  const name = foldedName(key)
  if (name.startsWith('x-space-')) return name.startsWith('x-space-gateway-') ? 'drop' : 'drop-for-micro'
  if (HOP_BY_HOP.has(name) || CLAIMS.has(name) || name.startsWith('x-forwarded-')) return 'drop'
  if (name !== key && EXACT_ONLY.has(name)) return 'drop'
  return key === 'cookie' ? 'cookie' : key === 'x-api-key' ? 'api-key' : 'keep'
}

/** An app may not speak for a front server (`X-Accel-Redirect`), nor set cookies in a spelling we do not check. */
function findResponseFate(key: string): ResponseFate {
  const name = foldedName(key)
  if (HOP_BY_HOP.has(name) || /^x-(?:space-|accel-|sendfile$)/.test(name)) return 'drop'
  if (name !== key && (name === 'content-length' || name === 'set-cookie')) return 'drop'
  return key === 'set-cookie' ? 'cookie' : key === 'content-length' ? 'length' : 'keep'
}

/** Worked out beforehand for the names that are met often. */
const REQUEST_FATES: ReadonlyMap<string, RequestFate> = new Map(
  KNOWN_NAMES.map((name) => [name, findRequestFate(name)]),
)
const RESPONSE_FATES: ReadonlyMap<string, ResponseFate> = new Map(
  KNOWN_NAMES.map((name) => [name, findResponseFate(name)]),
)
