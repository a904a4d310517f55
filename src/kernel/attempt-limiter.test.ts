import { expect, test } from 'bun:test'
import { createAttemptLimiter, requireAttempt } from './attempt-limiter.ts'
import { MINUTE_MS, NOW, SECOND_MS } from '../sessions/testing/test-accounts.ts'

const RULE = { free: 3, maxDelayMs: 8 * SECOND_MS, forgetMs: MINUTE_MS }

test('attempts beyond the free ones wait twice as long each, up to the bound', () => {
  const limiter = createAttemptLimiter(RULE)
  const waits: number[] = []
  let nowMs = NOW
  for (let attempt = 0; attempt < 9; attempt++) {
    const waitMs = limiter.waitMs('eve', nowMs)
    waits.push(waitMs / SECOND_MS)
    nowMs += waitMs
    limiter.count('eve', nowMs)
  }
  expect(waits).toEqual([0, 0, 0, 1, 2, 4, 8, 8, 8])
})

test('an idle key starts from zero, and another key never waited', () => {
  const limiter = createAttemptLimiter(RULE)
  for (let i = 0; i < 5; i++) limiter.count('eve', NOW)
  expect(limiter.waitMs('eve', NOW)).toBeGreaterThan(0)
  expect(limiter.waitMs('ada', NOW)).toBe(0)
  expect(limiter.waitMs('eve', NOW + MINUTE_MS)).toBe(0)
})

test('a clock that is set back never makes a key wait longer than the limit', () => {
  const limiter = createAttemptLimiter(RULE)
  for (let i = 0; i < 50; i++) limiter.count('eve', NOW)
  expect(limiter.waitMs('eve', NOW - 1_000 * MINUTE_MS)).toBe(8 * SECOND_MS)
})

test('a flood of other keys never frees a key', () => {
  const limiter = createAttemptLimiter(RULE)
  for (let i = 0; i < 10; i++) limiter.count('eve', NOW)
  for (let i = 0; i < 100_000; i++) limiter.count(`made-up-${i}`, NOW)
  expect(limiter.waitMs('eve', NOW)).toBeGreaterThan(0)
})

test('an attempt counts for all of its keys or, when one has to wait, for none', () => {
  const byName = createAttemptLimiter(RULE)
  const byClient = createAttemptLimiter(RULE)
  for (let i = 0; i < 3; i++) requireAttempt([[byClient, '192.0.2.1']], NOW)
  const both = () =>
    requireAttempt(
      [
        [byName, 'ada'],
        [byClient, '192.0.2.1'],
      ],
      NOW,
    )
  for (let i = 0; i < 100; i++) expect(both).toThrow('Try again in 1 s')
  expect(byName.waitMs('ada', NOW)).toBe(0)
})
