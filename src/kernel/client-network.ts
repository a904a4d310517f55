/**
 * The canonical address of a client, and its network for limits. The whole server uses these two functions: limits that
 * read addresses differently would count one client as several.
 */
import { isIPv4, isIPv6 } from 'node:net'

/**
 * An address in its canonical spelling (IPv4 dotted, IPv6 after RFC 5952), or null if the text is not an address. Accepts
 * all forms that proxies write into `X-Forwarded-For`: quotes, brackets, a port, a zone id, leading zeros (read as decimal), IPv4 as
 * IPv6 (`::ffff:192.0.2.1`) or behind a translator (`64:ff9b::192.0.2.1`, RFC 6052).
 *
 * @example clientAddress('"[2001:DB8:0::1]:443"') // '2001:db8::1'
 */
export function clientAddress(text: string): string | null {
  if (text.length > MAX_CHARS) return null
  const bare = withoutPort(text.trim().replace(/^"(.*)"$/, '$1'))
  return ipv4(bare) ?? ipv6(bare)
}

/**
 * The network of one client: an IPv4 address, or the first 64 bits of an IPv6 address, because providers assign at least
 * that many addresses to each customer. Text that is not an address counts as a network of its own.
 */
export function clientNetwork(address: string): string {
  const canonical = clientAddress(address)
  if (canonical === null) return address
  return canonical.includes(':') ? groupsOf(canonical).slice(0, 4).join(':') : canonical
}

/** Whether two clients are in one network. Unknown for an IPv4 and an IPv6 address, which cannot be compared. */
export function compareNetworks(one: string, other: string): 'same' | 'other' | 'unknown' {
  const [a, b] = [clientAddress(one), clientAddress(other)]
  if (a === null || b === null) return 'unknown'
  if (clientNetwork(a) === clientNetwork(b) || (isLoopback(a) && isLoopback(b))) return 'same'
  return isIPv4(a) === isIPv4(b) ? 'other' : 'unknown'
}

/** Whether a canonical address is loopback: a proxy or a program on this machine. */
export const isLoopback = (canonical: string): boolean => canonical === '::1' || canonical.startsWith('127.')

/** Longer than any address with a zone id and a port. */
const MAX_CHARS = 100

function withoutPort(text: string): string {
  const [, inBrackets] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text) ?? []
  const [, beforePort] = /^([\d.]+):\d{1,5}$/.exec(text) ?? []
  return inBrackets ?? beforePort ?? text
}

function ipv4(text: string): string | null {
  if (isIPv4(text)) return text
  if (!/^\d{1,10}(?:\.\d{1,10}){3}$/.test(text)) return null
  const plain = text.replace(/(?<=^|\.)0+(?=\d)/g, '')
  return isIPv4(plain) ? plain : null
}

/** Prefixes of addresses that contain an IPv4 address: six groups, then its two. */
const IPV4_PREFIXES = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0']

function ipv6(text: string): string | null {
  const [bare = ''] = text.split('%', 1)
  if (!isIPv6(bare)) return null
  // The URL parser writes addresses after RFC 5952.
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const groups = groupsOf(canonical)
  if (!IPV4_PREFIXES.includes(groups.slice(0, 6).join(':'))) return canonical
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
    .join('.')
}

/** The eight groups of a canonical IPv6 address, without leading zeros. */
function groupsOf(canonical: string): string[] {
  const [head = '', tail] = canonical.split('::', 2).map((part) => (part === '' ? [] : part.split(':')))
  if (tail === undefined) return [...head]
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail]
}
