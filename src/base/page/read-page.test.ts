import { expect, test } from 'bun:test'
import type { Finder, Step } from '../documents.ts'
import { readPage } from './read-page.ts'

const LIMITS = { items: 2, bytes: 1_000, withinMs: Number.POSITIVE_INFINITY, pause: () => Promise.resolve() }

const itemsOf = (...keys: string[]) => keys.map((key) => ({ key, text: '0123456789' }))
const step = (keys: string[], reached: string | null, isEnd = false): Step => ({
  items: itemsOf(...keys),
  reached,
  isEnd,
})

/** Gives these steps, however many items are asked for. */
function finderOf(...steps: Step[]): Finder & { left: Step[] } {
  return { left: steps, next: () => steps.shift()! }
}

test.each<[string, Step[], string[], string | null]>([
  ['nothing', [step([], null, true)], [], null],
  ['fewer than the limit', [step(['a'], 'a'), step([], null, true)], ['a'], null],
  ['just the limit', [step(['a', 'b'], 'b'), step([], 'x'), step([], null, true)], ['a', 'b'], null],
  ['one more, found late', [step(['a', 'b'], 'b'), step([], 'x'), step(['y'], 'y')], ['a', 'b'], 'b'],
  ['one more, found at once', [step(['a', 'b', 'c'], 'c')], ['a', 'b'], 'b'],
  ['one more, the very last one', [step(['a', 'b', 'c'], 'c', true)], ['a', 'b'], 'b'],
])('%s', async (_, steps, keys, last) => {
  expect(await readPage(finderOf(...steps), LIMITS)).toEqual({ items: itemsOf(...keys), last })
})

test('a page ends with the item that makes it large, where there is another one', async () => {
  const limits = { ...LIMITS, items: 10, bytes: 15 }
  expect(await readPage(finderOf(step(['a', 'b', 'c'], 'c')), limits)).toEqual({
    items: itemsOf('a', 'b'),
    last: 'b',
  })
  expect(await readPage(finderOf(step(['a', 'b'], 'b'), step([], null, true)), limits)).toEqual({
    items: itemsOf('a', 'b'),
    last: null,
  })
})

test('when its time is over, `last` is what was reached, also without any item', async () => {
  const finder = finderOf(step([], 'x'), step(['y'], 'y', true))
  expect(await readPage(finder, { ...LIMITS, withinMs: -1 })).toEqual({ items: [], last: 'x' })
  expect(finder.left).toHaveLength(1)
})
