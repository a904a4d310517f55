import { Database as BunDatabase } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase, transaction } from './database.ts'
import type { Migration } from './migrate.ts'

interface Tables {
  notes: { id: number; text: string }
}

const NOTES: Migration = {
  name: '2026-01-01-notes-create',
  up: async (db) => {
    await sql`create table notes (id integer primary key, text text not null) strict`.execute(db)
  },
}

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ownspace-db-'))
  path = join(folder, 'ownspace.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const mode = (file: string) => statSync(file).mode & 0o777

test('the database and its write-ahead log are for the owner only', async () => {
  await using db = await openDatabase<Tables>(path, [NOTES])
  await db.insertInto('notes').values({ id: 1, text: 'a' }).execute()
  expect([mode(path), mode(`${path}-wal`)]).toEqual([0o600, 0o600])
})

test('a write is on the disk before it is answered, and foreign keys are checked', async () => {
  await using db = await openDatabase<Tables>(path, [NOTES])
  const pragmas = await Promise.all(
    ['journal_mode', 'synchronous', 'foreign_keys'].map((name) => sql`pragma ${sql.raw(name)}`.execute(db)),
  )
  expect(pragmas.flatMap(({ rows }) => rows)).toEqual([
    { journal_mode: 'wal' },
    { synchronous: 2 },
    { foreign_keys: 1 },
  ])
})

test('what was written is there after the database is opened again', async () => {
  {
    await using db = await openDatabase<Tables>(path, [NOTES])
    await db.insertInto('notes').values({ id: 1, text: 'kept' }).execute()
  }
  await using db = await openDatabase<Tables>(path, [NOTES])
  expect(await db.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'kept' }])
})

test('a statement with RETURNING yields its rows, one without yields its count', async () => {
  await using db = await openDatabase<Tables>(path, [NOTES])
  const added = await db.insertInto('notes').values({ id: 7, text: 'x' }).returningAll().execute()
  expect(added).toEqual([{ id: 7, text: 'x' }])
  const removed = await db.deleteFrom('notes').where('id', '=', 7).executeTakeFirstOrThrow()
  expect(removed.numDeletedRows).toBe(1n)
})

test('a transaction that throws leaves nothing behind', async () => {
  await using db = await openDatabase<Tables>(path, [NOTES])
  const failing = transaction(db, async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: 'a' }).execute()
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await db.selectFrom('notes').selectAll().execute()).toEqual([])
})

test('a transaction within a transaction is part of it', async () => {
  await using db = await openDatabase<Tables>(path, [NOTES])
  const failing = transaction(db, async (outer) => {
    await transaction(outer, (trx) => trx.insertInto('notes').values({ id: 1, text: 'a' }).execute())
    throw new Error('no')
  })
  await failing.catch(() => undefined)
  expect(await db.selectFrom('notes').selectAll().execute()).toEqual([])
})

test('a transaction holds the write lock from its beginning', async () => {
  await using db = await openDatabase<Tables>(path, [NOTES])
  await transaction(db, async () => {
    using other = new BunDatabase(path)
    expect(() => other.run('begin immediate')).toThrow('locked')
  })
})

test('steps run in the order of their names, once', async () => {
  const ran: string[] = []
  const step = (name: string): Migration => ({ name, up: async () => void ran.push(name) })
  await (await openDatabase(path, [step('2026-02-b'), step('2026-01-a')])).destroy()
  await (await openDatabase(path, [step('2026-03-c'), step('2026-02-b'), step('2026-01-a')])).destroy()
  expect(ran).toEqual(['2026-01-a', '2026-02-b', '2026-03-c'])
})

test('a failed upgrade leaves the database as it was', async () => {
  const broken: Migration = {
    name: '2026-02-01-broken',
    up: async (db) => {
      await sql`drop table notes`.execute(db)
      throw new Error('half way')
    },
  }
  await (await openDatabase<Tables>(path, [NOTES])).destroy()
  await expect(openDatabase<Tables>(path, [NOTES, broken])).rejects.toThrow('half way')
  await using db = await openDatabase<Tables>(path, [NOTES])
  expect(await db.selectFrom('notes').selectAll().execute()).toEqual([])
})

test('a database of a newer version is refused, and two steps of one name', async () => {
  await (await openDatabase(path, [NOTES, { name: '2027-new', up: async () => undefined }])).destroy()
  await expect(openDatabase(path, [NOTES])).rejects.toThrow('newer version of Ownspace (it has 2027-new)')
  await expect(openDatabase(join(folder, 'b.db'), [NOTES, NOTES])).rejects.toThrow('two migrations')
})

test('a file that is no database is refused and left alone', async () => {
  await Bun.write(path, 'these are not the bytes of a database, only text'.repeat(100))
  await expect(openDatabase(path, [NOTES])).rejects.toThrow('not a database')
  expect(await Bun.file(path).text()).toStartWith('these are not')
})
