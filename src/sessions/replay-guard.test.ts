import { expect, test } from 'bun:test'
import { createReplayGuard } from './replay-guard.ts'
import { MINUTE_MS, NOW } from './testing/test-accounts.ts'

const once = (value: string, owner = 'one') => ({ owner, value, times: 1, untilMs: NOW + MINUTE_MS })

test('forgets the oldest first, and never holds more than its bound', () => {
  const guard = createReplayGuard(3)
  for (const value of ['a', 'b', 'c', 'd']) expect(guard.admit(once(value), NOW)).toBe(true)
  expect(guard.admit(once('d'), NOW)).toBe(false)
  expect(guard.admit(once('a'), NOW)).toBe(true)
  expect(guard.admit(once('d'), NOW + MINUTE_MS + 1)).toBe(true)
})

test('does not forget requests of one owner because of those of another', () => {
  const guard = createReplayGuard(10)
  expect(guard.admit(once('mine', 'me'), NOW)).toBe(true)
  for (let i = 0; i < 100; i++) expect(guard.admit(once(`theirs ${i}`, 'them'), NOW)).toBe(true)
  expect(guard.admit(once('mine', 'me'), NOW)).toBe(false)
  expect(guard.admit(once('theirs 99', 'them'), NOW)).toBe(false)
  expect(guard.admit(once('theirs 0', 'them'), NOW)).toBe(true)
})
