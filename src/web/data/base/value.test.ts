import { describe, expect, test } from 'bun:test'
import { cellText, editText, parseAs, parseItems, typeOf } from './value.ts'

test.each([
  ['', 'text'],
  [0, 'number'],
  [false, 'boolean'],
  [[], 'list'],
  [{}, 'object'],
  [null, 'null'],
] as const)('%j is %s', (value, type) => {
  expect(typeOf(value)).toBe(type)
})

test.each([
  [undefined, ''],
  ['a\n  b', 'a b'],
  [{ a: [1] }, '{"a":[1]}'],
  ['x'.repeat(1_000), 'x'.repeat(300)],
])('a cell shows %j on one line', (value, text) => {
  expect(cellText(value)).toBe(text)
})

describe('what a person types', () => {
  test.each([
    ['text', ' 12 ', ' 12 '],
    ['number', ' -1.5e3 ', -1_500],
    ['number', '1234567890123456', 1_234_567_890_123_456],
    ['boolean', 'true', true],
    ['list', '[1]', [1]],
    ['object', '{"a":null}', { a: null }],
    ['null', 'anything', null],
  ] as const)('as %s: %j is %j', (type, text, value) => {
    expect(parseAs(type, text)).toEqual({ value })
  })

  test.each([
    ['number', ''],
    ['number', '1 000'],
    ['number', 'Infinity'],
    ['number', '12345678901234567'],
    ['number', '0.12345678901234567'],
    ['boolean', 'yes'],
    ['list', '{}'],
    ['object', '[]'],
    ['object', '{'],
  ] as const)('as %s: %j has a problem', (type, text) => {
    expect(parseAs(type, text)).toEqual({ problem: expect.any(String) })
  })

  test.each(['text', 'number', 'boolean', 'list', 'object'] as const)(
    'as %s begins with the value itself',
    (type) => {
      const value = { text: 'a\nb', number: 0.1, boolean: false, list: [1, { a: 2 }], object: { a: [] } }[
        type
      ]
      expect(parseAs(type, editText(value))).toEqual({ value })
    },
  )
})

describe('items as JSON', () => {
  test.each([
    ['{"a":1}', [{ a: 1 }]],
    ['[{"key":"x"},{"key":""},{"key":""}]', [{ key: 'x' }, { key: '' }, { key: '' }]],
  ])('%s', (text, items) => {
    expect(parseItems(text)).toEqual({ items })
  })

  test.each(['', '[]', '1', '[1]', '[[]]', 'null', '{"key":1}', '{"key":null}', '[{"key":"a"},{"key":"a"}]'])(
    '%j has a problem',
    (text) => {
      expect(parseItems(text)).toEqual({ problem: expect.any(String) })
    },
  )
})
