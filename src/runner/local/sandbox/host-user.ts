import { createHash } from 'node:crypto'
import { FIRST_UID, UID_BITS } from '../../../kernel/host-ids.ts'

/**
 * The host user of `owner` (an instance id, a cache folder): always the same; two owners collide with chance 1 in 2^28. A
 * server that runs as root gives every instance its own host user, so that even an app that escaped from its sandbox could
 * not access the files and processes of others.
 */
export function hostUidOf(owner: string): number {
  const digest = createHash('sha256').update(owner).digest().readUInt32BE(0)
  return FIRST_UID + (digest >>> (32 - UID_BITS))
}
