import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSealer } from './sealer.ts'
import { keyedFile, openServerKey } from './server-key.ts'

describe('a sealed value', () => {
  const sealer = createSealer(randomBytes(32))

  test.each(['', 'secret', 'ünïcödé 🗝', 'x'.repeat(100_000)])('opens as what was sealed', (text) => {
    expect(sealer.open(sealer.seal(text, 'row/1'), 'row/1')).toBe(text)
  })

  test('does not open for another row, nor with another key', () => {
    const sealed = sealer.seal('secret', 'tokens/a')
    expect(() => sealer.open(sealed, 'tokens/b')).toThrow()
    expect(() => createSealer(randomBytes(32)).open(sealed, 'tokens/a')).toThrow()
  })

  test('does not open once a single byte of it is changed', () => {
    const bytes = Buffer.from(sealer.seal('secret', 'r').slice(3), 'base64url')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed[index]! ^= 1
      expect(() => sealer.open(`v1.${changed.toString('base64url')}`, 'r')).toThrow()
    }
  })

  test.each(['', 'v1', 'v1.', 'v2.AAAA', 'secret', `v1.${'A'.repeat(20)}`])('is not %j', (text) => {
    expect(() => sealer.open(text, 'r')).toThrow()
  })

  test('never looks the same twice', () => {
    expect(sealer.seal('a', 'r')).not.toBe(sealer.seal('a', 'r'))
  })
})

describe('the server key', () => {
  let folder: string
  let keyPath: string
  let databasePath: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ownspace-key-'))
    keyPath = join(folder, 'server.key')
    databasePath = join(folder, 'ownspace.db')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is made once, for the owner only, and nothing else stays behind', () => {
    const key = openServerKey(keyPath, keyedFile(databasePath))
    expect(key.length).toBe(32)
    expect(openServerKey(keyPath, keyedFile(databasePath)).equals(key)).toBe(true)
    expect(statSync(keyPath).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['server.key'])
  })

  test('that others could read is taken back', () => {
    openServerKey(keyPath, keyedFile(databasePath))
    chmodSync(keyPath, 0o644)
    openServerKey(keyPath, keyedFile(databasePath))
    expect(statSync(keyPath).mode & 0o777).toBe(0o600)
  })

  test('is never replaced while there is a database', () => {
    writeFileSync(databasePath, 'SQLite format 3')
    expect(() => openServerKey(keyPath, keyedFile(databasePath))).toThrow('server.key is missing')
    expect(readdirSync(folder)).toEqual(['ownspace.db'])
  })

  test.each([0, 31, 33])('of %d bytes is refused', (length) => {
    writeFileSync(keyPath, randomBytes(length))
    expect(() => openServerKey(keyPath, keyedFile(databasePath))).toThrow('not a server key')
  })
})
