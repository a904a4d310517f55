/**
 * The one form in which the directory stores a host name: lower-case, no port, no trailing dot. `host` is a `Host`
 * value as received; brackets of an IPv6 address stay. Never throws; an invalid host name is not found.
 */
export function canonicalHostName(host: string): string {
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i)
    const isUpper = code >= 0x41 && code <= 0x5a
    const isColon = code === 0x3a
    const isLastDot = code === 0x2e && i === host.length - 1
    if (isUpper || isColon || isLastDot) return rewritten(host)
  }
  return host
}

function rewritten(host: string): string {
  const colon = host.lastIndexOf(':')
  const hasPort = colon > host.lastIndexOf(']') && isDigits(host, colon + 1)
  const name = (hasPort ? host.slice(0, colon) : host).toLowerCase()
  return name.endsWith('.') ? name.slice(0, -1) : name
}

function isDigits(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}
