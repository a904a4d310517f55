import { createHash } from 'node:crypto'

/**
 * A server that runs as root gives every instance a host user of its own, so that even an app that climbed every
 * other wall meets files and processes that are not its own. The range 1879048192…2147483647 is what systemd
 * leaves to nobody (systemd.io/UIDS-GIDS): no account, no container and no subordinate range lies there.
 */
const FIRST_UID = 1_879_048_192
const RANGE_BITS = 28

/** The host user of `owner` (an instance id, a cache folder): always the same, never another owner's but by 1 in 2^28. */
export function hostUidOf(owner: string): number {
  const digest = createHash('sha256').update(owner).digest().readUInt32BE(0)
  return FIRST_UID + (digest >>> (32 - RANGE_BITS))
}
