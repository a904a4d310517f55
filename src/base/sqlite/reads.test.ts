import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { SqliteStore } from './sqlite-store.ts'

const item = (key: string, n: number) => ({ key, text: `{"key":"${key}","n":${n}}`, expires: null })

test('while a write is on its way to the disk, reads of its items wait for it, and no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reads-'))
  const store = new SqliteStore({ folder, log: silentLogger })
  const get = (key: string) => store.read('c0', (documents) => documents!.get('items', key))
  try {
    await store.write('c0', (documents) => documents.put('items', [item('a', 1), item('b', 1), item('c', 1)]))
    const writes = [
      store.write('c0', (documents) => documents.put('items', [item('a', 2)])),
      store.write('c0', (documents) => documents.remove('items', 'c')),
    ]
    // The transaction of both is committed in this turn, and its sync has begun.
    await new Promise(setImmediate)
    expect(get('b')).toBe('{"key":"b","n":1}')
    const [changed, removed] = [get('a'), get('c')]
    expect([changed instanceof Promise, removed instanceof Promise]).toEqual([true, true])
    expect(await Promise.all([changed, removed])).toEqual(['{"key":"a","n":2}', null])
    await Promise.all(writes)
    expect(get('a')).toBe('{"key":"a","n":2}')
  } finally {
    await store[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
})
