import { expect, test } from 'bun:test'
import { hasMoreValues } from './json-values.ts'

test.each([
  ['{"names":["a,b:[{","\\",","\\\\"]}', 5],
  ['[[[[]]]]', 4],
  ['"[[[["', 0],
  ['{"a":1,"b":2}', 4],
])('%s has no more than %d values', (json, values) => {
  expect([hasMoreValues(Buffer.from(json), values), hasMoreValues(Buffer.from(json), values - 1)]).toEqual([
    false,
    true,
  ])
})
