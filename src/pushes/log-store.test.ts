import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogStore } from './log-store.ts'

const MAX_BYTES = 1024 * 1024

let folder: string
let book: LogStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ownspace-logs-'))
  book = new LogStore(folder, MAX_BYTES)
})
afterEach(() => {
  book[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

const textOf = (id: string, follow: boolean) => new Response(book.read(id, { follow })).text()

test('every reader gets every line, whenever it comes', async () => {
  const log = book.begin('bld_1')
  const readers = [textOf('bld_1', true)]
  for (let i = 0; i < 2_000; i++) {
    log.line(`line ${i}`)
    if (i % 500 === 250) readers.push(textOf('bld_1', true))
    if (i % 100 === 0) await new Promise(setImmediate)
  }
  log.end()
  const whole = Array.from({ length: 2_000 }, (_, i) => `line ${i}\n`).join('')
  for (const text of await Promise.all([...readers, textOf('bld_1', true), textOf('bld_1', false)]))
    expect(text === whole).toBe(true)
})

test('a reader that does not follow gets what is there', async () => {
  const log = book.begin('bld_1')
  log.line('so far')
  expect(await textOf('bld_1', false)).toBe('so far\n')
})

test('a follower that leaves does not disturb the others', async () => {
  const log = book.begin('bld_1')
  const staying = textOf('bld_1', true)
  const leaving = book.read('bld_1', { follow: true }).getReader()
  log.line('one')
  await leaving.read()
  await leaving.cancel()
  log.line('two')
  log.end()
  expect(await staying).toBe('one\ntwo\n')
})

test('followers see the end when the server stops', async () => {
  book.begin('bld_1').line('one')
  const following = textOf('bld_1', true)
  book[Symbol.dispose]()
  expect(await following).toBe('one\n')
})

test('there is an end to a log without end, and it says so', async () => {
  const log = book.begin('bld_1')
  for (let i = 0; i < 200; i++) log.line('x'.repeat(50_000))
  log.end()
  const text = readFileSync(join(folder, 'bld_1.log'), 'utf8')
  expect(text.length).toBeLessThan(MAX_BYTES + 64 * 1024)
  expect(text).toEndWith('(the log is too long; the rest is dropped)\n')
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(64 * 1024)
})

test('one call is one line', async () => {
  const log = book.begin('bld_1')
  log.line('a\r\nb\nhttp://evil.example')
  log.end()
  expect(await textOf('bld_1', true)).toBe('a b http://evil.example\n')
})

test('a log is for the owner of the server only', () => {
  book.begin('bld_1')
  expect(statSync(join(folder, 'bld_1.log')).mode & 0o777).toBe(0o600)
})

test('there is nothing to read of what has no log', async () => {
  expect(await textOf('bld_none', true)).toBe('')
})
