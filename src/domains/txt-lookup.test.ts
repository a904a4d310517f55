import { afterEach, beforeEach, expect, test } from 'bun:test'
import { type NameServer, startNameServer } from './testing/name-server.ts'
import { createTxtLookup } from './txt-lookup.ts'

let names: NameServer
beforeEach(async () => void (names = await startNameServer()))
afterEach(() => names[Symbol.dispose]())

const lookUp = (name: string, timeoutMs?: number) =>
  createTxtLookup({ servers: [names.address], timeoutMs })(name)

test('all texts of a name are read, among others that are longer', async () => {
  names.txt.set('_deta.notes.example', ['x'.repeat(255), 'deta-verification=abc', ''])
  expect(await lookUp('_deta.notes.example')).toEqual({
    kind: 'records',
    values: ['x'.repeat(255), 'deta-verification=abc', ''],
  })
})

test.each([
  ['that does not exist', () => {}],
  ['without such records', () => names.txt.set('_deta.notes.example', [])],
])('a name %s has none', async (_, prepare) => {
  prepare()
  expect(await lookUp('_deta.notes.example')).toEqual({ kind: 'records', values: [] })
})

test('a name server that says nothing is given up', async () => {
  names.isSilent = true
  expect(await lookUp('_deta.notes.example', 50)).toEqual({ kind: 'no-answer' })
})

test('a name server that does not listen gives no answer', async () => {
  names[Symbol.dispose]()
  expect(await lookUp('_deta.notes.example', 50)).toEqual({ kind: 'no-answer' })
})
