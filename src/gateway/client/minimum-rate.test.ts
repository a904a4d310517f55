import { expect, test } from 'bun:test'
import { GATEWAY_LIMITS } from '../limits.ts'
import { MinimumRate } from './minimum-rate.ts'

const newRate = () => new MinimumRate(100, 10_000)

/** The second at which a body of this rate is given up; null: not within ten minutes. */
function givenUpAt(rate: MinimumRate, bytesAt: (second: number) => number): number | null {
  let received = 0
  for (let second = 0; second <= 600; second++) {
    received += bytesAt(second)
    if (rate.isMissed(received, second * 1_000)) return second
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
  expect(givenUpAt(newRate(), bytesAt)).toBe(second)
})

test('a mobile upload of 16 kB/s that breaks off for 50 s is not given up', () => {
  const { bodyMinBytesPerSecond, rateWindowMs } = GATEWAY_LIMITS
  expect(
    givenUpAt(new MinimumRate(bodyMinBytesPerSecond, rateWindowMs), (second) =>
      second % 60 < 50 ? 0 : 16_000,
    ),
  ).toBeNull()
})

test('a rate of 0 is no bound', () => {
  expect(givenUpAt(new MinimumRate(0, 10_000), () => 0)).toBeNull()
})

test('time in which the gateway does not read does not count', () => {
  const rate = newRate()
  expect(rate.isMissed(0, 0)).toBe(false)
  rate.reset()
  expect(rate.isMissed(0, 60_000)).toBe(false)
  expect(rate.isMissed(0, 70_001)).toBe(true)
})
