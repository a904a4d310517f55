import { createHash } from 'node:crypto'

/**
 * A server that runs as root gives every instance its own host user, so that even an app that escaped from its
 * sandbox could not access the files and processes of others. systemd leaves the range 1879048192…2147483647 unused
 * (systemd.io/UIDS-GIDS): it contains no accounts, containers or subordinate ranges.
 */
const FIRST_UID = 1_879_048_192
const RANGE_BITS = 28

/** The group of relays that may connect to the data process; no app runs in it. The last id of the same range. */
export const DATA_DOOR_GROUP = FIRST_UID + 2 ** RANGE_BITS - 1

/** The host user of `owner` (an instance id, a cache folder): always the same; two owners collide with chance 1 in 2^28. */
export function hostUidOf(owner: string): number {
  const digest = createHash('sha256').update(owner).digest().readUInt32BE(0)
  return FIRST_UID + (digest >>> (32 - RANGE_BITS))
}
