import { expect, test } from 'bun:test'
import { BackOff } from './back-off.ts'

test('delays double up to half a minute, and stay there for any number of failures', () => {
  const backOff = new BackOff()
  const delays = Array.from({ length: 2_000 }, () => backOff.next(0))
  expect(delays.slice(0, 11)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000])
  expect(delays.at(-1)).toBe(30_000)
})

test('a process that was ready for a minute starts again at once', () => {
  const backOff = new BackOff()
  for (let i = 0; i < 9; i++) backOff.next(59_999)
  expect(backOff.next(59_999)).toBe(30_000)
  expect(backOff.next(60_000)).toBe(100)
  expect(backOff.failures).toBe(1)
})
