import { afterEach, beforeEach, expect, test } from 'bun:test'
import { inCommit, recordingSync } from '../directory-sync/testing/in-commit.ts'
import { randomBytes } from 'node:crypto'
import type { InstanceId, UserId } from '../kernel/ids.ts'
import { prepareInstance, putRevision } from '../instances/index.ts'
import { completeBuild, createApp, createBuild, createRelease, startBuild } from '../projects/index.ts'
import { type ServerTables, serverMigrations } from '../api/schema.ts'
import { createSealer } from '../storage/sealer.ts'
import { type TestDatabase, openTestDatabase } from '../storage/testing/test-database.ts'
import { KEPT_DAYS, type UseCount, addUses, deleteOldUses, usesOf } from './usage.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const NOW = Date.UTC(2026, 10, 28, 12)

let database: TestDatabase<ServerTables>
let instanceId: InstanceId
beforeEach(async () => {
  database = await openTestDatabase<ServerTables>(serverMigrations)
  instanceId = await install()
})
afterEach(() => database[Symbol.asyncDispose]())

async function install(): Promise<InstanceId> {
  const { db } = database
  const sealer = createSealer(randomBytes(32))
  const channel = 'development'
  const app = await createApp(db, { ownerId: 'usr_ada' as UserId, name: 'notes', alias: '', nowMs: NOW })
  const build = await createBuild(db, { appId: app.id, tag: '', autoPwa: true, nowMs: NOW })
  await startBuild(db, build.id)
  await completeBuild(db, build.id, [])
  const release = await createRelease(db, { appId: app.id, buildId: build.id, channel, nowMs: NOW })
  const deps = { db, sealer, sync: recordingSync(db) }
  const identity = await prepareInstance(deps, app, { channel, nowMs: NOW })
  const revision = { app, channel, buildId: build.id, releaseId: release.id, nowMs: NOW } as const
  await inCommit(db, putRevision, sealer, identity, revision)
  return identity.id
}

const used = (count: number, lastAtMs = NOW, id = 'key_1'): UseCount => ({
  kind: 'key',
  instanceId,
  id,
  count,
  lastAtMs,
})

const keys = async () => Object.fromEntries(await usesOf(database.db, instanceId, 'key'))

test('uses are added up over batches and days, and the last one is remembered', async () => {
  await addUses(database.db, [used(2, NOW), used(5, NOW, 'key_2')])
  await addUses(database.db, [used(3, NOW - 1_000), used(1, NOW + DAY_MS)])
  expect(await keys()).toEqual({
    key_1: { count: 6, lastAtMs: NOW + DAY_MS },
    key_2: { count: 5, lastAtMs: NOW },
  })
})

test('what two gateways have counted of the same thing may be in one batch', async () => {
  await addUses(database.db, [used(2, NOW), used(3, NOW - 1_000)])
  await addUses(database.db, [used(1, NOW - 2_000), used(1, NOW - 3_000)])
  expect(await keys()).toEqual({ key_1: { count: 7, lastAtMs: NOW } })
})

test('uses of instances that are gone are dropped, and old days are forgotten', async () => {
  await addUses(database.db, [{ ...used(1), instanceId: 'inst_gone' }])
  await addUses(database.db, [used(1, NOW - (KEPT_DAYS + 1) * DAY_MS), used(1)])
  await deleteOldUses(database.db, NOW)
  expect(await keys()).toEqual({ key_1: { count: 1, lastAtMs: NOW } })
})
