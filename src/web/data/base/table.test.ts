import { describe, expect, test } from 'bun:test'
import { COLUMNS_MAX, columnsOf, fieldsOf, mergeFields } from './columns.ts'
import { type DraftAction, type Drafts, NO_DRAFTS, changesOf, countDrafts, draftsReducer } from './drafts.ts'
import { moveCell } from './grid-keys.ts'
import { ALL, queryOf, searchedFields } from './search.ts'

describe('columns', () => {
  test('name each field once, with its types, over all pages', () => {
    const pages = [
      fieldsOf([
        { key: 'a', n: 1, t: 'x' },
        { key: 'b', n: 'one' },
      ]),
      fieldsOf([{ key: 'c', n: null, empty: null }]),
    ]
    expect(columnsOf(mergeFields(pages))).toEqual({
      columns: [
        { name: 'n', label: 'number, text' },
        { name: 't', label: 'text' },
        { name: 'empty', label: 'null' },
      ],
      hidden: 0,
    })
  })

  test('are bounded', () => {
    const wide = Object.fromEntries(Array.from({ length: COLUMNS_MAX + 3 }, (_, at) => [`f${at}`, at]))
    const { columns, hidden } = columnsOf(fieldsOf([wide]))
    expect([columns.length, hidden]).toEqual([COLUMNS_MAX, 3])
  })
})

describe('a search', () => {
  test('asks for the text in each field, and for the number or boolean that it may be', () => {
    const of = (text: string) => queryOf({ kind: 'text', text, fields: ['a'] })
    expect(of('ada')).toEqual([{ a: 'ada' }])
    expect(of('12')).toEqual([{ a: '12' }, { a: 12 }])
    expect(of('012')).toEqual([{ a: '012' }])
    expect(of('Infinity')).toEqual([{ a: 'Infinity' }])
    expect(of('true')).toEqual([{ a: 'true' }, { a: true }])
  })

  test('of a Base without fields asks for nothing, not for everything', () => {
    expect(queryOf({ kind: 'text', text: 'x', fields: [] })).toBeNull()
    expect(queryOf(ALL)).toEqual([])
  })

  test('leaves out fields whose names mean something else in a query', () => {
    expect(searchedFields(fieldsOf([{ a: 1, 'a?gt': 1, 'a.b': 1 }]))).toEqual(['a'])
  })
})

describe('drafts', () => {
  const stored = { key: 'a', n: 1 }
  const after = (...actions: DraftAction[]): Drafts => actions.reduce(draftsReducer, NO_DRAFTS)
  const change = (item: object): DraftAction => ({
    do: 'change',
    key: 'a',
    item: { key: 'a', ...item },
    stored,
  })
  const undo: DraftAction = { do: 'undo' }

  test('are undone one by one', () => {
    const drafts = after(change({ n: 2 }), { do: 'add', items: [{}, {}] }, { do: 'removeAdded', at: 0 })
    expect(countDrafts(drafts)).toBe(2)
    expect(countDrafts([undo].reduce(draftsReducer, drafts))).toBe(3)
    expect(countDrafts([undo, undo].reduce(draftsReducer, drafts))).toBe(1)
    expect([undo, undo, undo, undo].reduce(draftsReducer, drafts)).toEqual(NO_DRAFTS)
  })

  test('end when the item is as stored again', () => {
    expect(countDrafts(after(change({ n: 2 }), change({ n: 1 })))).toBe(0)
  })

  test('differ from the item as it was when it was first changed', () => {
    const later: DraftAction = {
      do: 'change',
      key: 'a',
      item: { key: 'a', n: 3 },
      stored: { key: 'a', n: 9 },
    }
    expect(after(change({ n: 2 }), later).changed.get('a')).toEqual({ item: { key: 'a', n: 3 }, stored })
  })

  test('keep what could not be saved, and nothing to undo', () => {
    const failed = { changed: new Map(), added: [{ key: 'x' }] }
    expect(after(change({ n: 2 }), { do: 'keep', ...failed })).toEqual({ ...failed, past: [] })
  })

  test('differ from the stored item in single fields', () => {
    expect(
      changesOf({
        stored: { key: 'a', n: 1, t: [1], gone: 0 },
        item: { key: 'a', n: 2, t: [1], more: null },
      }),
    ).toEqual({
      set: { n: 2, more: null },
      removed: ['gone'],
    })
  })
})

test.each([
  ['ArrowUp', { row: 0, column: 1 }],
  ['ArrowDown', { row: 1, column: 1 }],
  ['ArrowLeft', { row: 0, column: 0 }],
  ['ArrowRight', { row: 0, column: 2 }],
  ['PageDown', { row: 9, column: 1 }],
  ['Home', { row: 0, column: 0 }],
  ['End', { row: 0, column: 2 }],
  ['a', null],
  ['constructor', null],
])('in a table of 10 × 3, %s leads from the first row to %j', (key, to) => {
  expect(moveCell(key, { row: 0, column: 1 }, { rows: 10, columns: 3 })).toEqual(to)
})
