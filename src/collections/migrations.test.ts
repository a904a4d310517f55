/** A database of before collections had rows, opened by this version. */
import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { type ServerTables, serverMigrations } from '../api/schema.ts'
import { requireInstanceCredentials } from '../instances/credentials.ts'
import { type InstanceId, digestOf } from '../kernel/ids.ts'
import { silentLogger } from '../kernel/log.ts'
import { openDatabase } from '../storage/database.ts'
import type { Database } from '../storage/index.ts'
import { createSealer } from '../storage/sealer.ts'
import { openTestDatabase } from '../storage/testing/test-database.ts'
import { completeDataKeys } from './app-data-key.ts'
import { listCollections } from './collections.ts'
import { listAllDataKeys } from './data-keys.ts'

const sealer = createSealer(randomBytes(32))
const OLD = serverMigrations.filter(({ name }) => name < '2026-11-29')

interface OldTables {
  apps: Record<'id' | 'owner_id' | 'name' | 'alias', string> & { created_at_ms: number }
  builds: Record<'id' | 'app_id' | 'tag' | 'status', string> & { auto_pwa: number; created_at_ms: number }
  releases: Record<'id' | 'app_id' | 'build_id' | 'channel' | 'version' | 'status', string> & {
    created_at_ms: number
  }
  instances: Record<
    | 'id'
    | 'app_id'
    | 'owner_id'
    | 'build_id'
    | 'release_id'
    | 'channel'
    | 'alias'
    | 'internal_key_sealed'
    | 'internal_key_digest'
    | 'data_key_sealed',
    string
  > & { created_at_ms: number; updated_at_ms: number }
}

async function insertInstance(db: Database<OldTables>, part: string, dataKey: string): Promise<void> {
  const [app_id, build_id, release_id] = [`app_${part}`, `bld_${part}`, `rel_${part}`]
  const created_at_ms = 7
  const app = { id: app_id, owner_id: 'usr_ada', name: `Notes ${part}`, alias: 'notes', created_at_ms }
  await db.insertInto('apps').values(app).execute()
  const build = { id: build_id, app_id, tag: 'one', status: 'complete', auto_pwa: 1, created_at_ms }
  await db.insertInto('builds').values(build).execute()
  const release = { id: release_id, app_id, build_id, channel: 'development', version: '1' }
  await db
    .insertInto('releases')
    .values({ ...release, status: 'complete', created_at_ms })
    .execute()
  const id = `inst_${part}`
  await db
    .insertInto('instances')
    .values({
      id,
      app_id,
      owner_id: 'usr_ada',
      build_id,
      release_id,
      channel: 'development',
      alias: `notes-${part}`,
      internal_key_sealed: sealer.seal(`${part}_internal`, `instances/${id}/internal_key`),
      internal_key_digest: digestOf(`${part}_internal`),
      data_key_sealed: sealer.seal(dataKey, `instances/${id}/data_key`),
      created_at_ms,
      updated_at_ms: created_at_ms,
    })
    .execute()
}

test('each instance gets the collection that its data key names, and keeps the key', async () => {
  await using database = await openTestDatabase<OldTables>(OLD, { isChanged: true })
  await insertInstance(database.db, 'abcd', 'abcd_secret1')
  await insertInstance(database.db, 'efgh', 'efgh_secret2')
  await database.db.destroy()

  await using db = await openDatabase<ServerTables>(database.location, serverMigrations)
  // Before the values are read, no key opens anything.
  expect(await listAllDataKeys(db)).toEqual([])
  await completeDataKeys(db, sealer, silentLogger)
  await completeDataKeys(db, sealer, silentLogger)
  const keys = (await listAllDataKeys(db)).map(({ collectionId, digest, kind, isReadOnly }) => [
    String(collectionId),
    digest,
    kind,
    isReadOnly,
  ])
  expect(keys.toSorted()).toEqual([
    ['abcd', digestOf('abcd_secret1'), 'app', false],
    ['efgh', digestOf('efgh_secret2'), 'app', false],
  ])
  expect(await requireInstanceCredentials(db, sealer, 'inst_abcd' as InstanceId)).toMatchObject({
    internalKey: 'abcd_internal',
    dataKey: 'abcd_secret1',
    collectionId: 'abcd',
  })
  const [collection] = await listCollections(db, 'usr_ada' as never)
  expect(collection).toMatchObject({
    id: 'abcd',
    name: 'Notes abcd',
    kind: 'app',
    appId: 'app_abcd',
    instanceId: 'inst_abcd',
    createdAtMs: 7,
  })
})

test('a key that cannot be read keeps its own app from its data, and no other', async () => {
  await using database = await openTestDatabase<OldTables>(OLD, { isChanged: true })
  await insertInstance(database.db, 'abcd', 'abcd_secret1')
  await insertInstance(database.db, 'efgh', 'efgh_secret2')
  await database.db
    .updateTable('instances')
    .set({ data_key_sealed: 'v1.damaged' })
    .where('id', '=', 'inst_abcd')
    .execute()
  await database.db.destroy()
  await using db = await openDatabase<ServerTables>(database.location, serverMigrations)
  await completeDataKeys(db, sealer, silentLogger)
  expect((await listAllDataKeys(db)).map(({ collectionId }) => String(collectionId))).toEqual(['efgh'])
})
