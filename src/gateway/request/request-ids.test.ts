import { expect, test } from 'bun:test'
import { requestIds } from './request-ids.ts'

test('ids count up, with carries, and no two are the same', () => {
  const next = requestIds()
  const ids = Array.from({ length: 1_101 }, next)
  const prefix = ids[0]!.slice(0, 9)
  expect([ids[0], ids[8], ids[9], ids[98], ids[99], ids[1_099]]).toEqual(
    ['0000000001', '0000000009', '0000000010', '0000000099', '0000000100', '0000001100'].map(
      (digits) => prefix + digits,
    ),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

test('gateways do not share a prefix', () => {
  expect(requestIds()().slice(0, 8)).not.toBe(requestIds()().slice(0, 8))
})
