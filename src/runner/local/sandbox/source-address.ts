import { createHash } from 'node:crypto'

/**
 * The address of the host's loopback from which an instance's calls to the front door come, in 127.128.0.0/10, which
 * nothing else uses. Its own relay binds it, outside the sandbox, so an app cannot choose another. Two instances have
 * the same one by chance of 1 in 2^22; they are then counted as one.
 */
export function sourceAddressOf(owner: string): string {
  const digest = createHash('sha256').update(`source ${owner}`).digest()
  return `127.${128 + (digest[0]! >>> 2)}.${digest[1]}.${digest[2]}`
}
