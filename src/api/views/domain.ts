import type * as contract from '../../contract/index.ts'
import { type Domain, type DomainStatus, proofOf } from '../../domains/index.ts'
import { isLocalName } from '../../config/index.ts'
import type { AppHosts } from '../../instances/index.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** A custom domain as the API shows it to its owner. */
export const domainAnswer = (hosts: AppHosts, domain: Domain): contract.Domain => ({
  id: domain.id,
  name: domain.name,
  url: hosts.originAt(domain.name),
  ...statusAnswer(domain.status),
  created_at: isoTime(domain.createdAtMs),
  records: recordsOf(hosts, domain),
})

type StatusAnswer =
  | Pick<contract.PendingDomain, 'status' | 'finding' | 'checked_at' | 'checked_until'>
  | Pick<contract.ActiveDomain, 'status' | 'proof' | 'active_at'>

function statusAnswer(status: DomainStatus): StatusAnswer {
  switch (status.kind) {
    case 'pending':
      return {
        status: 'pending',
        finding: status.lastCheck?.finding ?? null,
        checked_at: status.lastCheck && isoTime(status.lastCheck.atMs),
        checked_until: isoTime(status.checkedUntilMs),
      }
    case 'active':
      return { status: 'active', proof: status.proof, active_at: isoTime(status.sinceMs) }
  }
}

/** What its owner is to write into DNS. A server on `localhost` has no name that others could be led to. */
function recordsOf({ domain }: AppHosts, custom: Domain): contract.Domain['records'] {
  const proof = { type: 'TXT' as const, ...proofOf(custom) }
  return isLocalName(domain) ? [proof] : [proof, { type: 'CNAME', name: custom.name, value: domain }]
}
