/**
 * A `Host` value taken apart (RFC 9110, 7.2): `host` as it may be compared, in lower case without a trailing dot; the
 * port as digits, or the empty string. Null unless it is a plain host name, an IPv4 address or a bracketed IPv6
 * address: no user info, percent-encoding, blanks or lists.
 */
export function parseAuthority(text: string): { readonly host: string; readonly port: string } | null {
  if (isPlainName(text)) return { host: text, port: '' }
  if (text.length > 300) return null
  const match = AUTHORITY.exec(text)
  return match ? { host: match[1]!.toLowerCase().replace(/\.$/, ''), port: match[2] ?? '' } : null
}

const AUTHORITY = /^([A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{0,5}))?$/

/** A lower-case name without port and trailing dot, as browsers on the usual port send it: it needs no change. */
function isPlainName(text: string): boolean {
  if (text.length === 0 || text.length > 253 || text.charCodeAt(text.length - 1) === DOT) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isAlnum = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
    if (!isAlnum && (i === 0 || (code !== DOT && code !== DASH))) return false
  }
  return true
}

const DOT = 0x2e
const DASH = 0x2d
