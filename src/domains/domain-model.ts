import type { DomainId, InstanceId } from '../kernel/ids.ts'
import { DOMAIN_LIMITS } from './limits.ts'
import type { AppsTables, DomainFinding, DomainProof } from '../projects/index.ts'

/** A name of the owner's under which an instance answers, besides its built-in host. */
export interface Domain {
  readonly id: DomainId
  readonly instanceId: InstanceId
  /** As `parseDomainName` returns it. */
  readonly name: string
  /** Published in DNS by its owner as proof. Random, so that the proof for one instance does not prove another. */
  readonly token: string
  readonly status: DomainStatus
  readonly createdAtMs: number
}

export type DomainStatus =
  /** Not served. */
  | {
      readonly kind: 'pending'
      /** Result of the last check; null before the first. */
      readonly lastCheck: { readonly finding: DomainFinding; readonly atMs: number } | null
      /** Until when checks run by themselves. */
      readonly checkedUntilMs: number
    }
  | { readonly kind: 'active'; readonly proof: DomainProof; readonly sinceMs: number }

/** The domain of a row. */
export const domainOf = (row: AppsTables['domains']): Domain => ({
  id: row.id,
  instanceId: row.instance_id,
  name: row.name,
  token: row.token,
  status: statusOf(row),
  createdAtMs: row.created_at_ms,
})

function statusOf(row: AppsTables['domains']): DomainStatus {
  switch (row.status) {
    case 'pending':
      return {
        kind: 'pending',
        lastCheck:
          row.finding === null || row.checked_at_ms === null
            ? null
            : { finding: row.finding, atMs: row.checked_at_ms },
        checkedUntilMs: row.created_at_ms + DOMAIN_LIMITS.checkedForMs,
      }
    case 'active':
      return { kind: 'active', proof: row.proof ?? 'dns', sinceMs: row.active_at_ms ?? row.created_at_ms }
  }
}
