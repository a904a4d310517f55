/**
 * Which fields may pass the front door. Names are compared with `_` and `.` read as `-`: CGI-like servers
 * (WSGI, PHP) fold all three into one variable, so `X_Space_Principal` would be read as ours.
 */

/** The name every server could make of `key`, which is in lower case. */
export const foldedName = (key: string): string =>
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

/** Whether a request field is dropped for every upstream. `key` in lower case. */
export function isDroppedFromRequest(key: string): boolean {
  const name = foldedName(key)
  return (
    HOP_BY_HOP.has(name) ||
    CLAIMS.has(name) ||
    name.startsWith('x-forwarded-') ||
    name.startsWith('x-space-gateway-') ||
    (name !== key && EXACT_ONLY.has(name))
  )
}

/** Whether a request field is ours to set, and dropped for a micro on top of the above. */
export const isOurs = (key: string): boolean => foldedName(key).startsWith('x-space-')

/** Whether a response field of an app is dropped: per hop, or an order to a front server. */
export function isDroppedFromResponse(key: string): boolean {
  const name = foldedName(key)
  return (
    HOP_BY_HOP.has(name) ||
    name.startsWith('x-space-') ||
    name.startsWith('x-accel-') ||
    name === 'x-sendfile' ||
    (name !== key && (name === 'content-length' || name === 'set-cookie'))
  )
}
