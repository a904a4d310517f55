/**
 * Whether a field may stand in a trailer section. Fields that frame, route, authenticate or describe a message may not
 * (RFC 9110, 6.5.1): a server that merges trailers into the header section would obey them too late.
 */
export function isTrailerAllowed(key: string): boolean {
  return !FORBIDDEN.has(key) && !FORBIDDEN_FAMILY.test(key)
}

const FORBIDDEN = new Set([
  'age',
  'authorization',
  'cache-control',
  'connection',
  'cookie',
  'date',
  'expect',
  'expires',
  'forwarded',
  'host',
  'keep-alive',
  'location',
  'max-forwards',
  'origin',
  'pragma',
  'range',
  'referer',
  'retry-after',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'via',
  'www-authenticate',
])

const FORBIDDEN_FAMILY = /^(?:access-control-|content-(?!md5$|digest$)|if-|proxy-|sec-)/
