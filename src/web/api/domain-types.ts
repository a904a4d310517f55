/** Custom domains as the platform's API shows them (ARCHITECTURE, `Domain`). Times are ISO 8601. */
export type Domain = DomainCommon & (PendingDomain | ActiveDomain)

interface DomainCommon {
  id: string
  name: string
  url: string
  created_at: string
  /** To be set in its DNS. */
  records: DnsRecord[]
}

export interface PendingDomain {
  status: 'pending'
  /** What the last look for the proof has found; null before the first. */
  finding: 'none' | 'others' | 'no-answer' | null
  checked_at: string | null
  /** Until when the server looks by itself. */
  checked_until: string
}

export interface ActiveDomain {
  status: 'active'
  /** DNS, or the word of the server's owner. */
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
