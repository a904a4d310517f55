import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from './database.ts'
import { requireMatchingKey } from './key-check.ts'
import { createSealer } from './sealer.ts'

test('a database starts with its own key only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-db-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  await using db = await openDatabase(join(folder, 'ownspace.db'), [])
  const key = randomBytes(32)
  await requireMatchingKey(db, createSealer(key))
  await requireMatchingKey(db, createSealer(key))
  await expect(requireMatchingKey(db, createSealer(randomBytes(32)))).rejects.toThrow(
    'not the key of this database',
  )
  await requireMatchingKey(db, createSealer(key))
})
