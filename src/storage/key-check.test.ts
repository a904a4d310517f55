import { afterEach, beforeEach, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'
import { storageMigrations } from './migrations/index.ts'
import { requireMatchingKey } from './key-check.ts'
import { createSealer } from './sealer.ts'
import { type TestDatabase, openTestDatabase } from './testing/test-database.ts'

let database: TestDatabase<object>
let db: Database<object>
beforeEach(async () => {
  database = await openTestDatabase<object>(storageMigrations)
  db = database.db
})
afterEach(() => database[Symbol.asyncDispose]())

const NOTHING_SEALED = async () => {}

test('a database starts with its own key only', async () => {
  const key = randomBytes(32)
  await requireMatchingKey(db, createSealer(key), NOTHING_SEALED)
  await requireMatchingKey(db, createSealer(key), NOTHING_SEALED)
  await expect(requireMatchingKey(db, createSealer(randomBytes(32)), NOTHING_SEALED)).rejects.toThrow(
    'not the key of this database',
  )
  await requireMatchingKey(db, createSealer(key), NOTHING_SEALED)
})

test('the first check of an older database does not take any key for the right one', async () => {
  const [right, wrong] = [createSealer(randomBytes(32)), createSealer(randomBytes(32))]
  const sealed = right.seal('old', 'row')
  await expect(requireMatchingKey(db, wrong, async () => wrong.open(sealed, 'row'))).rejects.toThrow(
    'not the key of this database',
  )
  await requireMatchingKey(db, right, async () => right.open(sealed, 'row'))
})
