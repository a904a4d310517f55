import type { Domain, PendingDomain } from '../../../contract/index.ts'
import { ago } from '../../ui/format.ts'

/** A domain's state in a few words. */
export function stateOf(domain: Domain): { tone: 'ok' | 'warn'; text: string } {
  switch (domain.status) {
    case 'pending':
      return { tone: 'warn', text: 'Pending verification' }
    case 'active':
      return { tone: 'ok', text: domain.proof === 'dns' ? 'Verified & active' : 'Active, without proof' }
  }
}

/** The result of the last check for the TXT record, and the next step. */
export function findingOf(
  { finding, checked_at, checked_until }: Pick<PendingDomain, 'finding' | 'checked_at' | 'checked_until'>,
  nowMs: number = Date.now(),
): string {
  const isOver = Date.parse(checked_until) <= nowMs
  const next = isOver
    ? 'Add the TXT record, then press Reload.'
    : 'The server checks for the TXT record for one day.'
  if (finding === null || checked_at === null) return `Add these records at your DNS provider. ${next}`
  return `${FINDINGS[finding]} (${ago(checked_at, nowMs)}). ${next}`
}

const FINDINGS = {
  none: 'No TXT record found yet',
  others: 'The domain has TXT records, but not the expected one',
  'no-answer': 'The name servers did not respond',
}
