import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase } from './database.ts'
import type { Migration } from './migrate.ts'
import { storageMigrations } from './migrations/index.ts'
import { openState } from './open-state.ts'

interface Tables {
  notes: { id: number; sealed: string }
}

const NOTES: Migration = {
  name: '2026-01-01-notes-create',
  up: async (db) => {
    await sql`create table notes (id integer primary key, sealed text not null) strict`.execute(db)
  },
}

let base: string
beforeEach(() => (base = mkdtempSync(join(tmpdir(), 'ownspace-state-'))))
afterEach(() => rmSync(base, { recursive: true }))

/** A server starts on the folder and stops; the note is the secret that it keeps. */
async function runOn(dataDir: string): Promise<string> {
  const { db, sealer } = await openState<Tables>({
    dataDir,
    migrations: [NOTES],
    readSealed: async (db, sealer) => {
      await db
        .insertInto('notes')
        .values({ id: 1, sealed: sealer.seal('secret', 'notes/1') })
        .onConflict((clash) => clash.doNothing())
        .execute()
      return sealer.open(
        (await db.selectFrom('notes').selectAll().executeTakeFirstOrThrow()).sealed,
        'notes/1',
      )
    },
  })
  const { sealed } = await db.selectFrom('notes').selectAll().executeTakeFirstOrThrow()
  await db.destroy()
  return sealer.open(sealed, 'notes/1')
}

function folder(name: string): string {
  mkdirSync(join(base, name))
  return join(base, name)
}

async function usedFolder(name: string): Promise<string> {
  const dataDir = folder(name)
  await runOn(dataDir)
  mkdirSync(join(dataDir, 'revisions/bld_1'), { recursive: true })
  return dataDir
}

test('a folder is marked at its first start, and starts again', async () => {
  const dataDir = await usedFolder('a')
  const mark = readFileSync(join(dataDir, 'database-id'), 'utf8')
  expect(mark).toMatch(/^db_[a-z0-9]{16}\n$/)
  expect(await runOn(dataDir)).toBe('secret')
  expect(readFileSync(join(dataDir, 'database-id'), 'utf8')).toBe(mark)
})

test('a first start that was interrupted is taken up', async () => {
  const dataDir = folder('a')
  writeFileSync(join(dataDir, 'ownspace.db'), '')
  for (const name of ['revisions', 'uploads', 'build-logs', 'logs']) mkdirSync(join(dataDir, name))
  expect(await runOn(dataDir)).toBe('secret')
})

describe('a folder of an older version, without mark and check,', () => {
  const makeOld = async () => {
    const dataDir = await usedFolder('old')
    const db = await openDatabase<Tables>(join(dataDir, 'ownspace.db'), [NOTES, ...storageMigrations])
    await sql`drop table key_check`.execute(db)
    await sql`drop table database_identity`.execute(db)
    await sql`delete from schema_migrations where name = '2026-11-23-db-identity'`.execute(db)
    await db.destroy()
    rmSync(join(dataDir, 'database-id'))
    return dataDir
  }

  test('is marked', async () => {
    const dataDir = await makeOld()
    expect(await runOn(dataDir)).toBe('secret')
    expect(existsSync(join(dataDir, 'database-id'))).toBe(true)
  })

  test('is refused with a wrong key, and starts with the right one', async () => {
    const dataDir = await makeOld()
    const right = readFileSync(join(dataDir, 'server.key'))
    writeFileSync(join(dataDir, 'server.key'), Buffer.alloc(32, 7))
    await expect(runOn(dataDir)).rejects.toThrow('server.key is not the key of this database')
    writeFileSync(join(dataDir, 'server.key'), right)
    expect(await runOn(dataDir)).toBe('secret')
  })
})

describe('a folder without its database is refused and left as it is', () => {
  test.each<[string, (dataDir: string) => void]>([
    ['missing', (dataDir) => rmSync(join(dataDir, 'ownspace.db'))],
    ['empty', (dataDir) => truncateSync(join(dataDir, 'ownspace.db'))],
    [
      'missing with its mark and its key',
      (dataDir) =>
        ['ownspace.db', 'database-id', 'server.key'].forEach((name) => rmSync(join(dataDir, name))),
    ],
  ])('when it is %s', async (_, damage) => {
    const dataDir = await usedFolder('a')
    damage(dataDir)
    await expect(runOn(dataDir)).rejects.toThrow(
      /ownspace\.db is missing.*revisions\/.*\n.*Restore ownspace\.db and server\.key/,
    )
    expect(existsSync(join(dataDir, 'revisions/bld_1'))).toBe(true)
  })

  test('when only a write-ahead log is there, which SQLite would delete', async () => {
    const dataDir = folder('a')
    writeFileSync(join(dataDir, 'ownspace.db-wal'), 'what was committed last')
    await expect(runOn(dataDir)).rejects.toThrow('it has ownspace.db-wal')
    expect(statSync(join(dataDir, 'ownspace.db-wal')).size).toBeGreaterThan(0)
  })
})

test('a database of another folder is refused until the mark is removed by hand', async () => {
  const [a, b] = [await usedFolder('a'), await usedFolder('b')]
  for (const name of ['ownspace.db', 'server.key']) copyFileSync(join(b, name), join(a, name))
  await expect(runOn(a)).rejects.toThrow(`rm ${join(a, 'database-id')}`)
  rmSync(join(a, 'database-id'))
  expect(await runOn(a)).toBe('secret')
})

test('a key of another server is refused', async () => {
  const [a, b] = [await usedFolder('a'), await usedFolder('b')]
  copyFileSync(join(b, 'server.key'), join(a, 'server.key'))
  await expect(runOn(a)).rejects.toThrow('Restore server.key and the database from the same backup')
})

describe('a damaged database is refused in words', () => {
  const PAGE = 4096

  test.each<[string, (path: string) => Promise<void> | void]>([
    ['whose end is missing', (path) => truncateSync(path, 2 * PAGE)],
    ['that ends within its first page', (path) => truncateSync(path, 1000)],
    ['that is text', (path) => writeFileSync(path, 'no database'.repeat(2000))],
    ['that begins with another magic', (path) => overwrite(path, 0, 'SQLite format 4')],
    ['one of whose pages is zeros', (path) => overwrite(path, 2 * PAGE, Buffer.alloc(PAGE))],
    ['all of whose content is zeros', (path) => overwrite(path, 0, Buffer.alloc(statSync(path).size))],
  ])('%s', async (_, damage) => {
    const dataDir = await usedFolder('a')
    await damage(join(dataDir, 'ownspace.db'))
    await expect(runOn(dataDir)).rejects.toThrow(
      /^The database .*ownspace\.db is damaged \(.+\)\.\nRestore ownspace\.db and server\.key from the same backup/,
    )
  })
})

async function overwrite(path: string, at: number, data: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'r+')
  const bytes = Buffer.from(data)
  await file.write(bytes, 0, bytes.length, at)
}
