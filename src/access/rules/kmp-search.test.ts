import { expect, test } from 'bun:test'
import { findEnd, prepareNeedle } from './kmp-search.ts'
import { createRandom } from '../testing/random.ts'

test('finds what indexOf finds, within any bounds', () => {
  const random = createRandom(1)
  for (let round = 0; round < 20_000; round++) {
    const text = random.text(['a', 'b', 'ab', 'aab'], random.int(20))
    const piece = random.text(['a', 'b', 'ab'], 1 + random.int(5))
    const from = random.int(text.length + 1)
    const to = from + random.int(text.length - from + 1)
    const at = text.slice(0, to).indexOf(piece, from)
    expect(findEnd(prepareNeedle(piece), text, from, to)).toBe(at < 0 ? -1 : at + piece.length)
  }
})

test('looks at each character of the text at most twice, however alike text and piece are', () => {
  const piece = `${'a'.repeat(200)}b`
  const text = 'a'.repeat(8_000)
  let looks = 0
  const counting = {
    charCodeAt: (at: number) => {
      looks++
      return text.charCodeAt(at)
    },
  }
  expect(findEnd(prepareNeedle(piece), counting, 0, text.length)).toBe(-1)
  expect(looks).toBeLessThanOrEqual(2 * text.length)
})
