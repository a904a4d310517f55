import { expect, test } from 'bun:test'
import { conditionStatus, isRangeValid } from './conditions.ts'

const FILE = {
  content: 'abc',
  size: 1,
  type: 'text/plain',
  modified_ms: Date.parse('2026-11-28T12:00:00.700Z'),
}
const THEN = 'Sat, 28 Nov 2026 12:00:00 GMT'
const BEFORE = 'Sat, 28 Nov 2026 11:59:59 GMT'

test.each([
  [{}, null],
  [{ 'if-match': '"abc"' }, null],
  [{ 'if-match': '*' }, null],
  [{ 'if-match': '"x", "abc"' }, null],
  [{ 'if-match': '"x"' }, 412],
  [{ 'if-match': 'W/"abc"' }, 412],
  [{ 'if-none-match': '"abc"' }, 304],
  [{ 'if-none-match': 'W/"abc"' }, 304],
  [{ 'if-none-match': '"x",W/"abc"' }, 304],
  [{ 'if-none-match': '*' }, 304],
  [{ 'if-none-match': '"x"' }, null],
  [{ 'if-modified-since': THEN }, 304],
  [{ 'if-modified-since': BEFORE }, null],
  [{ 'if-modified-since': 'never' }, null],
  [{ 'if-none-match': '"x"', 'if-modified-since': THEN }, null],
  [{ 'if-unmodified-since': THEN }, null],
  [{ 'if-unmodified-since': BEFORE }, 412],
  [{ 'if-unmodified-since': 'never' }, null],
  [{ 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, null],
  [{ 'if-match': '"x"', 'if-none-match': '"abc"' }, 412],
] as [Record<string, string>, number | null][])('%j gives %p', (headers, status) => {
  expect(conditionStatus(new Headers(headers), FILE)).toBe(status as 304 | 412 | null)
})

test.each([
  [null, true],
  ['"abc"', true],
  [THEN, true],
  ['"x"', false],
  ['W/"abc"', false],
  [BEFORE, false],
  ['Sat, 28 Nov 2026 12:00:01 GMT', false],
  ['abc', false],
])('If-Range %p holds: %p', (ifRange, isValid) => {
  expect(isRangeValid(ifRange, FILE)).toBe(isValid)
})
