import { describe, expect, test } from 'bun:test'
import { prefixEnd } from '../query/prefix-end.ts'
import { randomValue } from '../testing/random-call.ts'
import { createRandom } from '../testing/random.ts'
import { canonical } from './canonical.ts'
import { generateKey } from './generate-key.ts'
import type { Json } from './json.ts'
import { fromStored, fromStoredJson, toStored, toStoredJson } from './stored-text.ts'

describe('stored texts', () => {
  test.each([
    '',
    'a',
    '\0',
    '\ud800',
    '\udc00\ud800',
    '💾',
    '\ufdd0',
    '\ufdd00000',
    '\ufdd0fdd0\0',
    '\\u0000',
    'a\ud800b',
  ])('%j comes back, and is well formed in between', (text) => {
    expect(fromStored(toStored(text))).toBe(text)
    expect(toStored(text).isWellFormed()).toBe(true)
    expect(toStored(text)).not.toContain('\0')
    expect(JSON.parse(fromStoredJson(toStoredJson({ [text]: [text] })))).toEqual({ [text]: [text] })
  })

  test('any value comes back', () => {
    const random = createRandom(7)
    for (let at = 0; at < 2_000; at += 1) {
      const value = randomValue(random, 4)
      expect(JSON.stringify(JSON.parse(fromStoredJson(toStoredJson(value))))).toBe(JSON.stringify(value))
    }
  })
})

test('equal values have equal canonical texts, in any order of members', () => {
  const turned = (value: Json): Json =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === 'object' && value !== null
        ? (Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, each]) => [name, turned(each)]),
          ) as Json)
        : value
  const random = createRandom(8)
  for (let at = 0; at < 2_000; at += 1) {
    const value = randomValue(random, 4)
    expect(JSON.stringify(canonical(turned(value)))).toBe(JSON.stringify(canonical(value)))
  }
})

test('the end of a prefix is behind all texts that begin with it, and before all others behind it', () => {
  expect(prefixEnd('')).toBeNull()
  expect(prefixEnd('\u{10ffff}')).toBeNull()
  expect(prefixEnd('a')).toBe('b')
  expect(prefixEnd('a\u{10ffff}')).toBe('b')
  expect(prefixEnd('\ud7ff')).toBe('\ue000')
  expect(prefixEnd('\uffff')).toBe('\u{10000}')
  expect(prefixEnd('x'.repeat(300_000))).toHaveLength(300_000)
})

test('generated keys are 12 lower-case letters and digits, each time others, and all digits occur', () => {
  const keys = Array.from({ length: 2_000 }, generateKey)
  for (const key of keys) expect(key).toMatch(/^[a-z0-9]{12}$/)
  expect(new Set(keys).size).toBe(2_000)
  expect(new Set(keys.join('')).size).toBe(36)
})
