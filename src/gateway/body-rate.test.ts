import { expect, test } from 'bun:test'
import { BodyRate } from './body-rate.ts'
import { GATEWAY_LIMITS } from './limits.ts'

const LIMITS = { bodyMinBytesPerSecond: 100, bodyRateWindowMs: 10_000 }

/** The second at which a body of so many octets a second is given up; null: not within ten minutes. */
function givenUpAt(limits: typeof LIMITS, bytesAt: (second: number) => number): number | null {
  const rate = new BodyRate(limits)
  let received = 0
  for (let second = 0; second <= 600; second++) {
    received += bytesAt(second)
    if (rate.isTooSlow(received, second * 1_000)) return second
  }
  return null
}

test.each([
  ['one octet in two seconds', (second: number) => second % 2, 11],
  ['a little less than the rate', () => 90, 11],
  ['the rate', () => 100, null],
  ['a second of silence in three', (second: number) => (second % 3 === 0 ? 0 : 200), null],
  ['much at first, then a dribble', (second: number) => (second < 5 ? 1e9 : 1), 15],
])('%s', (_, bytesAt, second) => {
  expect(givenUpAt(LIMITS, bytesAt)).toBe(second)
})

test('a mobile upload of 16 kB/s that breaks off for 50 s is not given up', () => {
  expect(givenUpAt(GATEWAY_LIMITS, (second) => (second % 60 < 50 ? 0 : 16_000))).toBeNull()
})

test('a rate of 0 is no bound', () => {
  expect(givenUpAt({ ...LIMITS, bodyMinBytesPerSecond: 0 }, () => 0)).toBeNull()
})

test('time in which nobody reads does not count', () => {
  const rate = new BodyRate(LIMITS)
  expect(rate.isTooSlow(0, 0)).toBe(false)
  rate.reset()
  expect(rate.isTooSlow(0, 60_000)).toBe(false)
  expect(rate.isTooSlow(0, 70_001)).toBe(true)
})
