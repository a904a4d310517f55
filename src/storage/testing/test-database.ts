/**
 * A new database for a test: a SQLite file in a folder of its own, or, when `OWNSPACE_TEST_POSTGRES` names a server
 * (tests/stores.test.ts), a PostgreSQL database. So one suite runs over both.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SQL } from 'bun'
import { openDatabase } from '../database.ts'
import type { WriteRoom } from '../sqlite/dialect.ts'
import { type Database, type Migration } from '../index.ts'

const SERVER = process.env.OWNSPACE_TEST_POSTGRES

export interface TestDatabase<Tables> extends AsyncDisposable {
  readonly db: Database<Tables>
  /** For `openDatabase`, also after `db` was closed. */
  readonly location: string
}

export interface TestDatabaseOptions {
  /** The test changes the tables themselves, so no other test takes the database after it. */
  readonly isChanged?: boolean
  /** Of the SQLite file, in a folder of the test's own. */
  readonly path?: string
  readonly room?: WriteRoom
}

export async function openTestDatabase<Tables>(
  migrations: readonly Migration[],
  { isChanged = false, path, room }: TestDatabaseOptions = {},
): Promise<TestDatabase<Tables>> {
  const place = SERVER === undefined ? placeOfFile(path) : await borrow(SERVER, migrations, isChanged)
  const db = await openDatabase<Tables>(place.location, migrations, room ? { room } : {})
  return {
    db,
    location: place.location,
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await place.end()
    },
  }
}

interface Place {
  readonly location: string
  readonly end: () => void | Promise<void>
}

function placeOfFile(path: string | undefined): Place {
  if (path !== undefined) return { location: path, end: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-db-'))
  return { location: join(folder, 'ownspace.db'), end: () => rmSync(folder, { recursive: true }) }
}

/** Databases that no test uses, by the names of their steps: making one takes a hundred times longer than emptying it. */
const idle = new Map<string, string[]>()
const made = { count: 0 }

async function borrow(server: string, migrations: readonly Migration[], isChanged: boolean): Promise<Place> {
  if (isChanged) return { location: await create(server), end: () => {} }

  const kind = migrations.map(({ name }) => name).join()
  const location = idle.get(kind)?.pop() ?? (await create(server))
  return {
    location,
    async end() {
      await empty(location)
      idle.set(kind, [...(idle.get(kind) ?? []), location])
    },
  }
}

async function create(server: string): Promise<string> {
  const name = `test_${process.pid}_${(made.count += 1)}`
  await using admin = new SQL({ url: server, max: 1 })
  await admin.unsafe(`create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  return url.href
}

async function empty(location: string): Promise<void> {
  await using client = new SQL({ url: location, max: 1 })
  await client.unsafe(`
    set session_replication_role = replica;
    do $$ declare name text; begin
      for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'
      loop execute format('delete from %I', name); end loop;
    end $$`)
}
