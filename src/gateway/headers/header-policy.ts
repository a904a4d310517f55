import { KNOWN_NAMES } from '../../wire/index.ts'

/**
 * Which fields may pass the front door. Names are compared with everything that is no letter or digit read as `-`:
 * CGI-like servers fold them into one variable (WSGI and PHP `_` and `.`, lighttpd all of them), so
 * `X_Space_Principal` would be read as ours.
 */

/** The name every server could make of `key`, which is in lower case. */
const foldedName = (key: string): string => (ODD.test(key) ? key.replace(/[^a-z0-9]/g, '-') : key)

const ODD = /[^a-z0-9-]/

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

/** The same for whole families: what front servers say of paths and files, and sign-in proxies of people. */
const CLAIM_FAMILIES =
  /^(?:x-forwarded-|x-accel-|x-sendfile-|x-auth-request-|x-remote-|remote-(?:user|name|email|groups)$)/

const METHOD_OVERRIDES = new Set(['x-http-method', 'x-http-method-override', 'x-method-override'])

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
  /** Dropped beside a key, which may be good for some methods only: apps obey it in place of the one that was judged. */
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
  /** Tells a cache that many people share more than it tells browsers. */
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

/** An app may not speak for a front server (`X-Accel-Redirect`), nor set cookies in a spelling we do not check. */
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

/** Worked out beforehand for the names that are met often. */
const REQUEST_FATES: ReadonlyMap<string, RequestFate> = new Map(
  KNOWN_NAMES.map((name) => [name, findRequestFate(name)]),
)
const RESPONSE_FATES: ReadonlyMap<string, ResponseFate> = new Map(
  KNOWN_NAMES.map((name) => [name, findResponseFate(name)]),
)
