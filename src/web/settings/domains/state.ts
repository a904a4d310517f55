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

/** What was found when the proof was last looked for, and who looks next. */
export function findingOf(
  { finding, checked_at, checked_until }: Pick<PendingDomain, 'finding' | 'checked_at' | 'checked_until'>,
  nowMs: number = Date.now(),
): string {
  const isOver = Date.parse(checked_until) <= nowMs
  const next = isOver
    ? 'Press Reload once the TXT record is set.'
    : 'Ownspace looks for the TXT record by itself, for a day.'
  if (finding === null || checked_at === null) return `Set these records where the domain is managed. ${next}`
  return `${FINDINGS[finding]} (${ago(checked_at, nowMs)}). ${next}`
}

const FINDINGS = {
  none: 'No TXT record was found yet',
  others: 'There are TXT records, but not this one',
  'no-answer': 'No name server gave an answer',
}
