import { KNOWN_NAMES } from '../../wire/index.ts'

/**
 * Which fields may pass the gateway. Names are compared with every character that is not a letter or digit read as `-`:
 * CGI-like servers fold them into one variable (WSGI and PHP `_` and `.`, lighttpd all of them), so `X_Space_Principal`
 * would be read as ours.
 */

/** The folded form of `key`, which is in lower case. */
const foldedName = (key: string): string => (ODD.test(key) ? key.replace(/[^a-z0-9]/g, '-') : key)

const ODD = /[^a-z0-9-]/

/** Fields about one connection only (RFC 9110, 7.6.1); those for the next connection are written by us. */
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

/** Claims about the client, the path or the route, which only the gateway may make; and `Proxy` (httpoxy). */
const CLAIMS = new Set([
  'cf-connecting-ip',
  'client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'forwarded-for',
  'proxy',
  'true-client-ip',
  'x-appengine-user-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-host',
  'x-http-host-override',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-override-url',
  'x-real-ip',
  'x-request-id',
  'x-rewrite-uri',
  'x-rewrite-url',
])

/** The same for whole families: claims of front servers about paths and files, and of sign-in proxies about users. */
const CLAIM_FAMILIES =
  /^(?:x-forwarded-|x-accel-|x-sendfile-|x-auth-request-|x-remote-|remote-(?:user|name|email|groups)$)/

const METHOD_OVERRIDES = new Set(['x-http-method', 'x-http-method-override', 'x-method-override'])

/** Fields that decide framing, routing or identity: only under their exact name. */
const EXACT_ONLY = new Set(['content-length', 'content-type', 'cookie', 'host', 'authorization', 'x-api-key'])

/** What becomes of a request field on its way to an upstream. */
export type RequestFate =
  | 'keep'
  | 'drop'
  /** Set by us for a micro, so dropped from the request of a client; the platform may receive them from clients. */
  | 'drop-for-micro'
  /** Our cookies are removed for a micro. */
  | 'cookie'
  /** Dropped for a micro if it admitted the request. */
  | 'api-key'
  /**
   * Dropped for requests with a key, which may be limited to some methods: apps use it in place of the method that was
   * judged.
   */
  | 'method-override'

/** `key` in lower case. */
export const requestHeaderPolicy = (key: string): RequestFate =>
  REQUEST_FATES.get(key) ?? findRequestFate(key)

/** What becomes of a response field on its way to the client. */
export type ResponseFate =
  | 'keep'
  | 'drop'
  | 'cookie'
  | 'length'
  | 'clear-site-data'
  /** Gives a shared cache other instructions than browsers. */
  | 'shared-cache'

export const responseHeaderPolicy = (key: string): ResponseFate =>
  RESPONSE_FATES.get(key) ?? findResponseFate(key)

function findRequestFate(key: string): RequestFate {
  const name = foldedName(key)
  if (name.startsWith('x-space-')) return name.startsWith('x-space-gateway-') ? 'drop' : 'drop-for-micro'
  if (HOP_BY_HOP.has(name) || CLAIMS.has(name) || CLAIM_FAMILIES.test(name)) return 'drop'
  if (name !== key && EXACT_ONLY.has(name)) return 'drop'
  if (METHOD_OVERRIDES.has(name)) return 'method-override'
  return key === 'cookie' ? 'cookie' : key === 'x-api-key' ? 'api-key' : 'keep'
}

/**
 * An app may not send instructions for front servers (`X-Accel-Redirect`), nor set cookies under a spelling that we do
 * not check.
 */
function findResponseFate(key: string): ResponseFate {
  const name = foldedName(key)
  if (HOP_BY_HOP.has(name) || /^x-(?:space-|accel-|sendfile$)/.test(name)) return 'drop'
  if (name !== key && (name === 'content-length' || name === 'set-cookie')) return 'drop'
  if (/^(?:(?:.+-)?cdn-cache-control|surrogate-control)$/.test(name)) return 'shared-cache'
  switch (key) {
    case 'set-cookie':
      return 'cookie'
    case 'content-length':
      return 'length'
    case 'clear-site-data':
      return key
    default:
      return 'keep'
  }
}

/** Precomputed for frequent names. */
const REQUEST_FATES: ReadonlyMap<string, RequestFate> = new Map(
  KNOWN_NAMES.map((name) => [name, findRequestFate(name)]),
)
const RESPONSE_FATES: ReadonlyMap<string, ResponseFate> = new Map(
  KNOWN_NAMES.map((name) => [name, findResponseFate(name)]),
)
