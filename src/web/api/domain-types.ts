/** Custom domains as the platform's API shows them (ARCHITECTURE, `Domain`). Times are ISO 8601. */
export type Domain = DomainCommon & (PendingDomain | ActiveDomain)

interface DomainCommon {
  id: string
  name: string
  url: string
  created_at: string
  /** To be added to its DNS. */
  records: DnsRecord[]
}

export interface PendingDomain {
  status: 'pending'
  /** Result of the last check for the TXT record; null before the first one. */
  finding: 'none' | 'others' | 'no-answer' | null
  checked_at: string | null
  /** Until when the server checks. */
  checked_until: string
}

export interface ActiveDomain {
  status: 'active'
  /** DNS, or a confirmation by the owner of the server. */
  proof: 'dns' | 'owner'
  active_at: string
}

export interface DnsRecord {
  type: 'TXT' | 'CNAME'
  name: string
  value: string
}

export interface Domains {
  builtin: { name: string; url: string }
  domains: Domain[]
  may_skip_proof: boolean
}
