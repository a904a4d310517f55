import { expect, test } from 'bun:test'
import { findingOf } from './state.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString()

const LOOKS = 'The server checks for the TXT record for one day.'
const RELOAD = 'Add the TXT record, then press Reload.'
const SET = 'Add these records at your DNS provider.'

test.each([
  [null, null, 60, `${SET} ${LOOKS}`],
  ['none', -2, 60, `No TXT record found yet (2 minutes ago). ${LOOKS}`],
  ['others', -1, 60, `The domain has TXT records, but not the expected one (1 minute ago). ${LOOKS}`],
  ['no-answer', 0, -60, `The name servers did not respond (just now). ${RELOAD}`],
  [null, null, -60, `${SET} ${RELOAD}`],
] as const)('after %p, %p minutes from now, it says what to do', (finding, checked, until, text) => {
  const checked_at = checked === null ? null : at(checked)
  expect(findingOf({ finding, checked_at, checked_until: at(until) }, NOW)).toBe(text)
})
