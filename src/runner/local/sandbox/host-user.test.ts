import { expect, test } from 'bun:test'
import { hostUidOf } from './host-user.ts'

test('every owner always has the same host user, in an otherwise unused range', () => {
  expect(hostUidOf('inst_abc')).toBe(hostUidOf('inst_abc'))
  const uids = Array.from({ length: 2_000 }, (_, at) => hostUidOf(`inst_${at}`))
  expect(new Set(uids).size).toBeGreaterThan(1_995)
  expect(Math.min(...uids)).toBeGreaterThanOrEqual(1_879_048_192)
  expect(Math.max(...uids)).toBeLessThan(2 ** 31)
})
