import { identityKeyOf } from '../identity-key.ts'
import type { DirectoryChange } from '../types.ts'

/**
 * A data key that is limited for strangers, with the key by which the data process tells who they are: that of this one
 * instance, and not the secret of all. Without the secret it stays away, and the limits apply to every call.
 */
export function withIdentityKey(change: DirectoryChange, secret: string | undefined): DirectoryChange {
  if (change.op !== 'dataKey.put' || change.key.strangers == null || secret === undefined) return change
  const { strangers } = change.key
  const identityKey = identityKeyOf(secret, strangers.instanceId).toString('base64url')
  return { ...change, key: { ...change.key, strangers: { ...strangers, identityKey } } }
}
