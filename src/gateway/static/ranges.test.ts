import { expect, test } from 'bun:test'
import { readRanges } from './ranges.ts'

const SIZE = 1000
const one = (first: number, last: number) => ({ kind: 'partial' as const, ranges: [{ first, last }] })
const WHOLE = { kind: 'whole' as const }
const UNSATISFIABLE = { kind: 'unsatisfiable' as const }

const CASES: readonly [value: string, answer: ReturnType<typeof readRanges>][] = [
  ['bytes=0-0', one(0, 0)],
  ['bytes=0-499', one(0, 499)],
  ['BYTES=0-499', one(0, 499)],
  ['bytes=500-', one(500, 999)],
  ['bytes=-1', one(999, 999)],
  ['bytes=-5000', one(0, 999)],
  ['bytes=999-99999999999999999999999', one(999, 999)],
  [
    'bytes= 0-1 , ,5-6,',
    {
      kind: 'partial',
      ranges: [
        { first: 0, last: 1 },
        { first: 5, last: 6 },
      ],
    },
  ],
  [
    'bytes=5-6,0-1',
    {
      kind: 'partial',
      ranges: [
        { first: 5, last: 6 },
        { first: 0, last: 1 },
      ],
    },
  ],
  ['bytes=0-1,2000-', one(0, 1)],
  ['bytes=1000-', UNSATISFIABLE],
  ['bytes=-0', UNSATISFIABLE],
  ['bytes=9999999999999999999999999-', UNSATISFIABLE],
  ['bytes=', WHOLE],
  ['bytes=,', WHOLE],
  ['bytes=-', WHOLE],
  ['bytes=a-b', WHOLE],
  ['bytes=5-4', WHOLE],
  ['bytes=0-1,5-4', WHOLE],
  ['bytes=+1-2', WHOLE],
  ['bytes=0x1-2', WHOLE],
  ['bytes=1.5-2', WHOLE],
  ['bytes=0-1, bytes=2-3', WHOLE],
  ['bytes 0-1', WHOLE],
  ['items=0-1', WHOLE],
  ['', WHOLE],
]

for (const [value, answer] of CASES)
  test(`Range ${JSON.stringify(value)} of ${SIZE} bytes is ${answer.kind}`, () => {
    expect(readRanges(value, SIZE)).toEqual(answer)
  })

test('overlapping ranges never ask for more than the file', () => {
  expect(readRanges('bytes=0-,0-', SIZE)).toEqual(WHOLE)
  expect(readRanges('bytes=0-999,-1', SIZE)).toEqual(WHOLE)
  expect(readRanges('bytes=0-500,400-900', SIZE)).toEqual(WHOLE)
})

test('more than sixteen ranges are the whole file', () => {
  expect(readRanges(manyRanges(16), SIZE).kind).toBe('partial')
  expect(readRanges(manyRanges(17), SIZE)).toEqual(WHOLE)
  expect(readRanges(manyRanges(5000), 1e9)).toEqual(WHOLE)
})

test('an empty file has no ranges', () => {
  expect(readRanges('bytes=0-', 0)).toEqual(WHOLE)
  expect(readRanges('bytes=-1', 0)).toEqual(WHOLE)
})

test('any text gives ranges inside the file, together at most its size', () => {
  const alphabet = ['bytes=', '0', '1', '9', '99', '-', ',', ' ', 'a', '-', ',']
  for (let round = 0; round < 20_000; round++) {
    const length = Math.floor(Math.random() * 12)
    const value = `bytes=${Array.from({ length }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('')}`
    const answer = readRanges(value, 100)
    if (answer.kind !== 'partial') continue
    let total = 0
    for (const { first, last } of answer.ranges) {
      total += last - first + 1
      if (first < 0 || last >= 100 || first > last) throw new Error(`outside the file: ${value}`)
    }
    if (total > 100) throw new Error(`more than the file: ${value}`)
  }
})

const manyRanges = (count: number) =>
  `bytes=${Array.from({ length: count }, (_, i) => `${i * 2}-${i * 2}`).join(',')}`
