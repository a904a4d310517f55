import { expect, test } from 'bun:test'
import { rangeOf } from './range.ts'

test.each([
  [null, 10, 'whole'],
  ['bytes=0-0', 10, { start: 0, end: 1 }],
  ['bytes=2-4', 10, { start: 2, end: 5 }],
  ['bytes=2-', 10, { start: 2, end: 10 }],
  ['bytes=2-99999999999999999999', 10, { start: 2, end: 10 }],
  ['bytes=-3', 10, { start: 7, end: 10 }],
  ['bytes=-30', 10, { start: 0, end: 10 }],
  ['Bytes = 0 - 1', 10, { start: 0, end: 2 }],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=10-12', 10, 'unsatisfiable'],
  ['bytes=99999999999999999999-', 10, 'unsatisfiable'],
  ['bytes=0-0', 0, 'unsatisfiable'],
  ['bytes=-1', 0, 'unsatisfiable'],
  ['bytes=4-2', 10, 'whole'],
  ['bytes=-', 10, 'whole'],
  ['bytes=', 10, 'whole'],
  ['bytes=0-1,3-4', 10, 'whole'],
  ['bytes=0x1-2', 10, 'whole'],
  ['bytes=1.5-2', 10, 'whole'],
  ['items=0-1', 10, 'whole'],
] as const)('%j of %d bytes is %j', (header, size, range) => {
  expect(rangeOf(header, size)).toEqual(range)
})
