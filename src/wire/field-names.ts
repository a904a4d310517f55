import { LOWER_TOKEN } from './octets.ts'

/**
 * Field names that are frequent or that affect a decision, in lower case. A head's names are looked up here before a
 * string is created: comparing shared strings is nearly free (parsing a browser's request takes a third of the time it
 * took with a new string for each name).
 */
export const KNOWN_NAMES = [
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'accept-ranges',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
  'access-control-request-headers',
  'access-control-request-method',
  'age',
  'allow',
  'alt-svc',
  'authorization',
  'cache-control',
  'cf-connecting-ip',
  'connection',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-range',
  'content-security-policy',
  'content-type',
  'cookie',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'date',
  'dnt',
  'etag',
  'expect',
  'expires',
  'forwarded',
  'from',
  'host',
  'http2-settings',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'last-event-id',
  'last-modified',
  'link',
  'location',
  'origin',
  'permissions-policy',
  'pragma',
  'priority',
  'proxy',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'referer',
  'referrer-policy',
  'retry-after',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'sec-gpc',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'server',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'vary',
  'via',
  'www-authenticate',
  'x-api-key',
  'x-content-type-options',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-frame-options',
  'x-powered-by',
  'x-real-ip',
  'x-request-id',
  'x-requested-with',
  'x-space-app-key',
  'x-xss-protection',
] as const

/** By length and last octet, which distinguishes most of them. */
const slotOf = (length: number, lastOctet: number): number => ((length & 31) << 5) | (lastOctet & 31)

const TABLE: readonly (readonly string[])[] = buildTable()

/** The shared string for the name at `start` to `end`, or null. */
export function knownName(octets: Uint8Array, start: number, end: number): string | null {
  const candidates = TABLE[slotOf(end - start, octets[end - 1]!)]!
  for (let i = 0; i < candidates.length; i++) {
    const name = candidates[i]!
    if (name.length === end - start && isName(octets, start, name)) return name
  }
  return null
}

function isName(octets: Uint8Array, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    if (LOWER_TOKEN[octets[start + i]!] !== name.charCodeAt(i)) return false
  }
  return true
}

function buildTable(): string[][] {
  const table: string[][] = Array.from({ length: 1024 }, () => [])
  for (const name of KNOWN_NAMES) table[slotOf(name.length, name.charCodeAt(name.length - 1))]!.push(name)
  return table
}
