import { expect, test } from 'bun:test'
import { findingOf } from './state.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString()

const LOOKS = 'Ownspace looks for the TXT record by itself, for a day.'
const RELOAD = 'Press Reload once the TXT record is set.'
const SET = 'Set these records where the domain is managed.'

test.each([
  [null, null, 60, `${SET} ${LOOKS}`],
  ['none', -2, 60, `No TXT record was found yet (2 minutes ago). ${LOOKS}`],
  ['others', -1, 60, `There are TXT records, but not this one (1 minute ago). ${LOOKS}`],
  ['no-answer', 0, -60, `No name server gave an answer (just now). ${RELOAD}`],
  [null, null, -60, `${SET} ${RELOAD}`],
] as const)('after %p, %p minutes from now, it says what to do', (finding, checked, until, text) => {
  const checked_at = checked === null ? null : at(checked)
  expect(findingOf({ finding, checked_at, checked_until: at(until) }, NOW)).toBe(text)
})
