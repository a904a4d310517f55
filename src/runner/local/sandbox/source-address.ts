import { createHash } from 'node:crypto'

/**
 * The loopback address of the host from which an instance's calls reach the gateway, in 127.128.0.0/10, which no other
 * program uses. The instance's relay binds it outside the sandbox, so an app cannot choose its address. Two instances
 * share an address with chance 1 in 2^22; the gateway then counts them as one.
 */
export function sourceAddressOf(owner: string): string {
  const digest = createHash('sha256').update(`source ${owner}`).digest()
  return `127.${128 + (digest[0]! >>> 2)}.${digest[1]}.${digest[2]}`
}
