/**
 * Users and groups of this machine that a server running as root uses. systemd leaves the range 1879048192…2147483647 unused
 * (systemd.io/UIDS-GIDS): it contains no accounts, containers or subordinate ranges.
 */
export const FIRST_UID = 1_879_048_192
export const UID_BITS = 28

/** The group of relays that may connect to the data process; no app runs in it. The last id of the range. */
export const DATA_DOOR_GROUP = FIRST_UID + 2 ** UID_BITS - 1
