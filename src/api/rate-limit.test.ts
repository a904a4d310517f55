import { expect, test } from 'bun:test'
import { createRateLimiter } from './rate-limit.ts'

const clock = { ms: 0 }
const newLimiter = () => createRateLimiter(() => clock.ms)

test('each client has its calls a minute for each name', () => {
  const limiter = newLimiter()
  for (let i = 0; i < 3; i++) limiter.count('setup', 'a', 3)
  expect(() => limiter.count('setup', 'a', 3)).toThrow('Too many requests')
  limiter.count('setup', 'b', 3)
  limiter.count('poll', 'a', 3)
  clock.ms += 60_000
  limiter.count('setup', 'a', 3)
})

test('a clock that was set back does not lengthen the minute', () => {
  const limiter = newLimiter()
  limiter.count('setup', 'a', 1)
  clock.ms -= 3_600_000
  limiter.count('setup', 'a', 1)
})

test('twenty thousand made-up clients take nothing from a real one', () => {
  const limiter = newLimiter()
  for (let i = 0; i < 20_000; i++) limiter.count('setup', `stranger ${i}`, 30)
  for (let i = 0; i < 20; i++) limiter.count('setup', 'owner', 30)
})
