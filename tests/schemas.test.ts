/** Data folders of every released schema, opened by this version: they become what a new folder is. */
import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverMigrations } from '../src/api/schema.ts'
import { openDatabase } from '../src/storage/database.ts'
import { storageMigrations } from '../src/storage/migrations/index.ts'

/** What each released version has written, statement by statement, with the steps that it recorded. */
const RELEASED = join(import.meta.dir, 'fixtures/schemas')
const MIGRATIONS = [...storageMigrations, ...serverMigrations]

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ownspace-schemas-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const released = (name: string) => readFileSync(join(RELEASED, name), 'utf8')

describe('a folder that was made by the version of', () => {
  test.each(readdirSync(RELEASED))('%s becomes what a new one is', async (name) => {
    const path = join(folder, 'old.db')
    write(path, released(name))
    await update(path)
    await update(join(folder, 'new.db'))
    expect(schemaOf(path)).toEqual(schemaOf(join(folder, 'new.db')))
  })
})

test('a new folder has the schema that the last release wrote, and records its steps under the same names', async () => {
  const last = readdirSync(RELEASED).sort().at(-1)!
  write(join(folder, 'old.db'), released(last))
  await update(join(folder, 'new.db'))
  expect(schemaOf(join(folder, 'new.db'))).toEqual(schemaOf(join(folder, 'old.db')))
})

function write(path: string, statements: string): void {
  using database = new Database(path)
  database.run('begin')
  for (const statement of statements.split(/;\n/).filter(Boolean)) database.run(statement)
  database.run('commit')
}

const update = async (path: string): Promise<void> => (await openDatabase(path, MIGRATIONS)).destroy()

/** Every statement that makes the schema, without what does not matter: spaces, quotes, names of constraints, order of clauses. */
function schemaOf(path: string) {
  using database = new Database(path, { readonly: true })
  const statements = database
    .query<{ sql: string }, []>('select sql from sqlite_schema where sql is not null')
    .all()
    .map(({ sql }) => normalize(sql))
  const steps = database.query<{ name: string }, []>('select name from schema_migrations').all()
  return { statements: statements.sort(), steps: steps.map(({ name }) => name).sort() }
}

const normalize = (sql: string): string =>
  sql
    .toLowerCase()
    .replaceAll('"', '')
    .replaceAll(/constraint \w+ (?=check|primary|unique)/g, '')
    .replaceAll(/(default (?:'[^']*'|\d+)) not null/g, 'not null $1')
    .replaceAll('if not exists ', '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([(),]) ?/g, '$1')
