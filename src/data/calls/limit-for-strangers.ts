import { createHmac, timingSafeEqual } from 'node:crypto'
import type { DataKeyRecord, StrangerLimits } from '../../directory/index.ts'

/** Longer than any identity that a gateway signs. */
const LONGEST_IDENTITY = 16_384
/** The clock may have been set back a little since the signature. */
const AHEAD_SECONDS = 60

export interface IdentityCheck {
  /** `X-Space-Identity`, as the app passes it on from the request that it answers. */
  readonly identity: string | null
  readonly maxAgeMs: number
  readonly nowMs: number
}

/**
 * What the key opens for this call: less than usual while the app answers a stranger. The app shows by a signed identity
 * whom it answers; an identity that is forged, too old or of another instance counts as a stranger's.
 */
export function limitForStrangers(key: DataKeyRecord, check: IdentityCheck): DataKeyRecord {
  const { strangers } = key
  if (strangers == null || !isForStranger(strangers, check)) return key
  return {
    ...key,
    mayWrite: key.mayWrite && strangers.mayWrite,
    bases: common(key.bases, strangers.bases),
    drives: common(key.drives, strangers.drives),
  }
}

function isForStranger(limits: StrangerLimits, check: IdentityCheck): boolean {
  if (check.identity === null) return limits.needsIdentity
  const claims = verified(check.identity, limits)
  if (claims === null) return true
  const ageSeconds = check.nowMs / 1_000 - claims.at
  return (
    claims.principal === 'anonymous' || ageSeconds * 1_000 > check.maxAgeMs || ageSeconds < -AHEAD_SECONDS
  )
}

interface Claims {
  readonly principal: string
  readonly at: number
}

/** Null: no gateway has signed it for this instance. */
function verified(identity: string, { identityKey, instanceId }: StrangerLimits): Claims | null {
  if (identityKey === undefined || identity.length > LONGEST_IDENTITY) return null
  const [version, payload, signature, ...rest] = identity.split('.')
  if (version !== 'v1' || payload === undefined || signature === undefined || rest.length > 0) return null
  const expected = createHmac('sha256', Buffer.from(identityKey, 'base64url'))
    .update(`v1.${payload}`)
    .digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims & { instance: string }
  return claims.instance === instanceId ? claims : null
}

/** Names in both lists; null: all. */
function common(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other
  return one.filter((name) => other.includes(name))
}
