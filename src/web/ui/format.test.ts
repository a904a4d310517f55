import { expect, test } from 'bun:test'
import { ago, count, listed, size } from './format.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['2026-11-21T11:59:30Z', 'just now'],
  ['2026-11-21T11:58:00Z', '2 minutes ago'],
  ['2026-11-20T11:00:00Z', 'yesterday'],
  ['2026-11-26T12:00:00Z', 'in 5 days'],
  ['2026-06-01T12:00:00Z', 'Jun 1, 2026'],
])('%s is %s', (iso, text) => {
  expect(ago(iso, NOW)).toBe(text)
})

test.each([
  [0, '0 uses'],
  [1, '1 use'],
  [1204, '1,204 uses'],
])('%d is counted as %s', (amount, text) => {
  expect(count(amount, 'use')).toBe(text)
})

test.each([
  [[], ''],
  [['web'], 'web'],
  [['web', 'api'], 'web and api'],
  [['web', 'api', 'worker'], 'web, api and worker'],
])('%j is listed as %j', (items, text) => {
  expect(listed(items)).toBe(text)
})

test.each([
  [0, '0 kB'],
  [843, '0.843 kB'],
  [1_234_567, '1.23 MB'],
  [64_000_000, '64 MB'],
  [252e9, '252 GB'],
  [5e15, '5,000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text)
})
