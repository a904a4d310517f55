import { expect, test } from 'bun:test'
import { GATEWAY_LIMITS } from '../limits.ts'
import { withinOpenFiles } from './open-files.ts'

test.each([
  [1_024, 412],
  [1_000_000, GATEWAY_LIMITS.connections],
  [Number.POSITIVE_INFINITY, GATEWAY_LIMITS.connections],
  [100, 1],
])('with %d open files there are %d connections', (maxOpenFiles, connections) => {
  expect(withinOpenFiles(GATEWAY_LIMITS, maxOpenFiles).connections).toBe(connections)
})
