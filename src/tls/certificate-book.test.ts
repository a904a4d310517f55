import { expect, test } from 'bun:test'
import type { SecureContext } from 'node:tls'
import type { Certificate } from './certificate.ts'
import { createBook, isCovered } from './certificate-book.ts'
import { certificateWarnings, daysLeft } from './certificate-warnings.ts'

const DAY_MS = 86_400_000
const certificate = (...names: string[]): Certificate => ({
  files: { certFile: `${names[0]}.crt`, keyFile: `${names[0]}.key` },
  names,
  validFromMs: 0,
  validToMs: 90 * DAY_MS,
  isChainMissing: false,
  context: { context: names[0] } as SecureContext,
})
const all = [
  certificate('cloud.test', '*.cloud.test'),
  certificate('notes.cloud.test'),
  certificate('my.example', 'cloud.test'),
]
const book = createBook(all)

test.each([
  ['cloud.test', 'cloud.test'],
  ['CLOUD.test', 'cloud.test'],
  ['paint.cloud.test', 'cloud.test'],
  ['notes.cloud.test', 'notes.cloud.test'],
  ['my.example', 'my.example'],
  ['a.b.cloud.test', 'cloud.test'],
  ['stranger.example', 'cloud.test'],
  ['', 'cloud.test'],
  ['.', 'cloud.test'],
  ['__proto__', 'cloud.test'],
])('who asks for %j is shown the certificate of %s', (name, subject) => {
  expect((book.choose(name) as { context: unknown }).context).toBe(subject)
})

test('who names no host is shown the first one', () => {
  expect(book.fallback).toBe(all[0]!.context)
})

test.each([
  ['cloud.test', true],
  ['*.cloud.test', true],
  ['notes.cloud.test', true],
  ['a.b.cloud.test', false],
  ['*.my.example', false],
])('%s is covered: %p', (name, expected) => {
  expect(isCovered(all, name)).toBe(expected)
})

test.each([
  ['nothing, when all is well', 'cloud.test', 30, []],
  ['an end that comes near', 'cloud.test', 80, ['should have been renewed']],
  ['an end', 'cloud.test', 91, ['expired on 1970-04-01']],
  ['a beginning that is still to come', 'cloud.test', -1, ['not valid before 1970-01-01']],
  ['a Home without a certificate', 'else.test', 30, ['else.test: browsers will reject Home', '*.else.test']],
])('the operator is told of %s', (_, domain, day, words) => {
  const warnings = certificateWarnings(all.slice(0, 1), domain, day * DAY_MS)
  expect(warnings).toHaveLength(words.length)
  for (const [index, word] of words.entries()) expect(warnings[index]).toContain(word)
})

test('a certificate without its chain is reported to the operator', () => {
  const alone = { ...all[0]!, isChainMissing: true }
  expect(certificateWarnings([alone], 'cloud.test', DAY_MS)).toEqual([
    expect.stringContaining('fullchain.pem'),
  ])
})

test('days that are left are whole ones', () => {
  expect(daysLeft(all[0]!, 88.5 * DAY_MS)).toBe(1)
  expect(daysLeft(all[0]!, 90.5 * DAY_MS)).toBe(-1)
})
