/**
 * A `Host` value taken apart (RFC 9110, 7.2): `host` as it may be compared, in lower case without a trailing dot;
 * the port as digits, or the empty string. Null for everything that is no plain host name, IPv4 address or bracketed
 * IPv6 address: user info, percent-encoding, blanks, lists.
 */
export function parseAuthority(text: string): { readonly host: string; readonly port: string } | null {
  if (text.length > 300) return null
  const match = AUTHORITY.exec(text)
  return match ? { host: match[1]!.toLowerCase().replace(/\.$/, ''), port: match[2] ?? '' } : null
}

const AUTHORITY = /^([A-Za-z0-9_](?:[A-Za-z0-9_.-]*)|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{0,5}))?$/
