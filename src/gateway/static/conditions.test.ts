import { expect, test } from 'bun:test'
import { judgeConditions, mayContinue, readHttpDate, type Verdict } from './conditions.ts'

const ETAG = '"abc"'
const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT'
const EARLIER = 'Sat, 05 Nov 1994 08:49:37 GMT'
const LATER = 'Mon, 07 Nov 1994 08:49:37 GMT'
const validators = { etag: ETAG, modifiedMs: Date.parse(MODIFIED) }

const asking = (headers: Readonly<Record<string, string>>) => ({
  method: 'GET',
  path: '/',
  query: '',
  header: (name: string) => headers[name] ?? null,
})

const CASES: readonly [headers: Readonly<Record<string, string>>, verdict: Verdict][] = [
  [{}, 'proceed'],
  [{ 'if-none-match': ETAG }, 'not-modified'],
  [{ 'if-none-match': `"x", ${ETAG}` }, 'not-modified'],
  [{ 'if-none-match': `W/${ETAG}` }, 'not-modified'],
  [{ 'if-none-match': '*' }, 'not-modified'],
  [{ 'if-none-match': '"x"' }, 'proceed'],
  [{ 'if-none-match': 'abc' }, 'proceed'],
  [{ 'if-none-match': '"ABC"' }, 'proceed'],
  [{ 'if-none-match': '"x", "abc' }, 'proceed'],
  [{ 'if-match': ETAG }, 'proceed'],
  [{ 'if-match': '*' }, 'proceed'],
  [{ 'if-match': `W/${ETAG}` }, 'failed'],
  [{ 'if-match': '"x"' }, 'failed'],
  [{ 'if-match': '"x"', 'if-none-match': ETAG }, 'failed'],
  [{ 'if-match': ETAG, 'if-none-match': ETAG }, 'not-modified'],
  [{ 'if-match': ETAG, 'if-unmodified-since': EARLIER }, 'proceed'],
  [{ 'if-unmodified-since': EARLIER }, 'failed'],
  [{ 'if-unmodified-since': MODIFIED }, 'proceed'],
  [{ 'if-unmodified-since': 'yesterday' }, 'proceed'],
  [{ 'if-modified-since': MODIFIED }, 'not-modified'],
  [{ 'if-modified-since': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 'not-modified'],
  [{ 'if-modified-since': 'Sun Nov  6 08:49:37 1994' }, 'not-modified'],
  [{ 'if-modified-since': EARLIER }, 'proceed'],
  [{ 'if-modified-since': '0' }, 'proceed'],
  [{ 'if-modified-since': MODIFIED, 'if-none-match': '"x"' }, 'proceed'],
]

for (const [headers, verdict] of CASES)
  test(`${JSON.stringify(headers)}: ${verdict}`, () => {
    expect(judgeConditions(asking(headers), validators)).toBe(verdict)
  })

test('a copy from a later revision is not taken for current after going back', () => {
  expect(judgeConditions(asking({ 'if-modified-since': LATER }), validators)).toBe('proceed')
})

test('without a date of its own a file is never unmodified by date', () => {
  const dateless = { etag: ETAG, modifiedMs: null }
  expect(judgeConditions(asking({ 'if-modified-since': MODIFIED }), dateless)).toBe('proceed')
  expect(judgeConditions(asking({ 'if-unmodified-since': EARLIER }), dateless)).toBe('proceed')
})

test('a download continues only with the very same strong ETag', () => {
  expect(mayContinue(asking({}), validators)).toBe(true)
  expect(mayContinue(asking({ 'if-range': ETAG }), validators)).toBe(true)
  for (const other of ['"x"', `W/${ETAG}`, MODIFIED, '*', ''])
    expect(mayContinue(asking({ 'if-range': other }), validators)).toBe(false)
})

test('dates are read in all three forms and in no other', () => {
  for (const date of [MODIFIED, 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])
    expect(readHttpDate(date)).toBe(784_111_777_000)
  for (const none of [null, '', '0', '1994-11-06', 'now', 'Sun, 99 Foo 1994 08:49:37 GMT'])
    expect(readHttpDate(none)).toBeNull()
})
