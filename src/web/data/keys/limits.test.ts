import { expect, test } from 'bun:test'
import { limitsText, namesIn } from './limits.ts'

test.each([
  [false, null, null, 'reads and writes all Bases and Drives'],
  [true, null, null, 'reads all Bases and Drives'],
  [true, ['a'], [], 'reads the Base a'],
  [false, ['a', 'b'], ['c'], 'reads and writes the Bases a and b and the Drive c'],
  [false, null, ['c'], 'reads and writes all Bases and the Drive c'],
])('read only: %p, Bases: %j, Drives: %j', (isReadOnly, bases, drives, text) => {
  expect(limitsText({ read_only: isReadOnly, bases, drives })).toBe(text)
})

test('names are separated by commas', () => {
  expect(namesIn(' a, b b ,,a ')).toEqual(['a', 'b b'])
})
