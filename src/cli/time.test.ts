import { expect, test } from 'bun:test'
import { parseDuration, parseMoment, relativeTime } from './time.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['0m', 0],
  ['90m', 5400],
  ['24h', 86_400],
  ['30d', 2_592_000],
  ['2w', 1_209_600],
  ['', null],
  ['30', null],
  ['-1d', null],
  ['1.5h', null],
  ['30 days', null],
])('%j lasts %p seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each([
  ['30d', '2026-12-21T12:00:00.000Z'],
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
  ['2027-01-31T10:00:00Z', '2027-01-31T10:00:00.000Z'],
  ['2026-11-20', null],
  ['0d', null],
  ['2027-99-99', null],
  ['tomorrow', null],
  ['2027', null],
])('%j is the moment %p', (text, moment) => {
  expect(parseMoment(text, NOW)).toBe(moment)
})

test.each([
  ['2026-11-21T12:00:20Z', 'just now'],
  ['2026-11-21T11:59:00Z', '1 minute ago'],
  ['2026-11-21T10:00:00Z', '2 hours ago'],
  ['2026-11-23T12:00:00Z', 'in 2 days'],
  ['2026-06-01T12:00:00Z', '2026-06-01'],
  ['whenever', 'whenever'],
])('%j is %p', (iso, text) => {
  expect(relativeTime(iso, NOW)).toBe(text)
})
