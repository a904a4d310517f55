import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { inCommit, recordingSync } from '../directory-sync/testing/in-commit.ts'
import { randomBytes } from 'node:crypto'
import type { Database } from '../storage/index.ts'
import { createSealer } from '../storage/sealer.ts'
import { type TestDatabase, openTestDatabase } from '../storage/testing/test-database.ts'
import { type InstanceId, type UserId, digestOf, newId } from '../kernel/ids.ts'
import { type App, createApp, listApps, requireApp } from './apps.ts'
import { type Build, completeBuild, createBuild, listRevisions, requireBuild, startBuild } from './builds.ts'
import {
  type InstanceCredentials,
  deleteInstance,
  getInstance,
  listEnvValues,
  listInstances,
  prepareInstance,
  putRevision,
  requireInstance,
  setEnvValues,
} from '../instances/index.ts'
import { KEPT_BUILDS, pruneBuilds } from '../pushes/retention.ts'
import { type ServerTables, serverMigrations } from '../api/schema.ts'
import { createRelease, listReleases, requireRelease } from './releases.ts'
import { createApiKey, deleteApiKey, listAllApiKeys, listApiKeys } from '../keys/index.ts'
import { createInstallation, listInstallations, requireInstallation } from './installations.ts'
import {
  type OperationRef,
  completeOperation,
  endInterruptedOperations,
  failOperation,
} from './operations.ts'
import { requireInstanceCredentials } from '../instances/credentials.ts'

const sealer = createSealer(randomBytes(32))
const owner = newId<UserId>('usr')
const stranger = newId<UserId>('usr')

let database: TestDatabase<ServerTables>
let db: Database<ServerTables>
let app: App
let nowMs = 1_000
beforeEach(async () => {
  database = await openTestDatabase<ServerTables>(serverMigrations)
  db = database.db
  app = await createApp(db, { ownerId: owner, name: 'My Notes!', alias: '', nowMs })
})
afterEach(() => database[Symbol.asyncDispose]())

const push = (tag = ''): Promise<Build> =>
  createBuild(db, { appId: app.id, tag, autoPwa: true, nowMs: nowMs++ })

async function revision(tag = ''): Promise<Build> {
  const build = await push(tag)
  await startBuild(db, build.id)
  await completeBuild(db, build.id, [])
  return build
}

const prepare = (): Promise<InstanceCredentials> =>
  prepareInstance({ db, sealer, sync: recordingSync(db) }, app, { channel: 'development', nowMs })

async function install(build: Build, identity?: InstanceCredentials): Promise<InstanceCredentials> {
  const chosen = identity ?? (await prepare())
  const release = await createRelease(db, { appId: app.id, buildId: build.id, channel: 'development', nowMs })
  await completeOperation(db, { table: 'releases', id: release.id })
  const revision = { app, channel: 'development', buildId: build.id, releaseId: release.id, nowMs } as const
  await inCommit(db, putRevision, sealer, chosen, revision)
  return chosen
}

describe('what a person asks for', () => {
  test('is found by its owner only', async () => {
    const build = await revision()
    const { id: instanceId } = await install(build)
    const [release] = await listReleases(db, owner, { buildId: build.id, limit: 1 })
    const installation = await createInstallation(db, {
      appId: app.id,
      releaseId: release!.id,
      instanceId,
      nowMs,
    })
    const lookUps = (user: UserId) => [
      () => requireApp(db, user, app.id),
      () => requireBuild(db, user, build.id),
      () => requireRelease(db, user, release!.id),
      () => requireInstallation(db, user, installation.id),
      () => requireInstance(db, user, instanceId),
    ]
    for (const find of lookUps(owner)) expect(await find()).toBeDefined()
    for (const find of lookUps(stranger)) await expect(find()).rejects.toMatchObject({ status: 404 })
    expect(await listApps(db, stranger)).toEqual([])
    expect(await listInstances(db, stranger)).toEqual([])
    expect(await listReleases(db, stranger, { limit: 9 })).toEqual([])
    expect(await listInstallations(db, stranger, { limit: 9 })).toEqual([])
  })
})

describe('a tag', () => {
  test('is made up when none is given', async () => {
    expect((await push()).tag).toMatch(/^[a-z]+-[a-z]{4}$/)
  })

  test('names one revision of an app', async () => {
    await install(await revision('v1'))
    await expect(push('v1')).rejects.toMatchObject({ status: 409 })
  })

  test('is free again when its push failed', async () => {
    const build = await push('v1')
    await failOperation(db, { table: 'builds', id: build.id }, 'failed', 'no')
    expect((await push('v1')).tag).toBe('v1')
  })
})

describe('an operation', () => {
  test('is started once', async () => {
    const build = await push()
    const starts = await Promise.all([startBuild(db, build.id), startBuild(db, build.id)])
    expect(starts.toSorted()).toEqual([false, true])
  })

  test('that is complete cannot fail any more', async () => {
    const build = await revision()
    await failOperation(db, { table: 'builds', id: build.id }, 'failed', 'too late')
    expect(await requireBuild(db, owner, build.id)).toMatchObject({ status: 'complete', failure: null })
  })

  test.each(['builds', 'releases', 'installations'] as const)('of %s fails alone', async (table) => {
    const begin = async () => {
      const build = await push()
      const release = await createRelease(db, {
        appId: app.id,
        buildId: build.id,
        channel: 'development',
        nowMs,
      })
      const parts = { appId: app.id, releaseId: release.id, instanceId: newId<InstanceId>('inst'), nowMs }
      const installation = await createInstallation(db, parts)
      return { builds: build.id, releases: release.id, installations: installation.id }
    }
    const [first, second] = [await begin(), await begin()]
    await failOperation(db, { table, id: first[table] } as OperationRef, 'failed', 'no')
    const failed = async ({ builds, releases, installations }: typeof first) => {
      const all = {
        builds: await requireBuild(db, owner, builds),
        releases: await requireRelease(db, owner, releases),
        installations: await requireInstallation(db, owner, installations),
      }
      return Object.entries(all).flatMap(([name, { failure }]) => (failure === 'no' ? [name] : []))
    }
    expect([await failed(first), await failed(second)]).toEqual([[table], []])
  })

  test('that a crash interrupted is marked, and what was complete is not', async () => {
    const waiting = await push()
    const done = await revision()
    await endInterruptedOperations(db)
    expect((await requireBuild(db, owner, waiting.id)).status).toBe('internal-error')
    expect((await requireBuild(db, owner, done.id)).status).toBe('complete')
  })
})

describe('an instance', () => {
  test('is not there before its first revision runs', async () => {
    const identity = await prepare()
    expect(await getInstance(db, identity.id)).toBeNull()
    expect(identity.alias).toMatch(/^my-notes-[a-z0-9]{6}$/)
  })

  test('keeps its host and keys over its revisions', async () => {
    const first = await install(await revision())
    const second = await install(await revision('next'))
    expect(second).toEqual({ ...first, isNew: false })
    expect(await requireInstanceCredentials(db, sealer, first.id)).toEqual(second)
    expect(await requireInstance(db, owner, first.id)).toMatchObject({
      revisionTag: 'next',
      internalKeyDigest: digestOf(first.internalKey),
    })
  })

  test('keeps no key readable in the database', async () => {
    const { internalKey, dataKey } = await install(await revision())
    const rows = await db.selectFrom('instances').selectAll().execute()
    const stored = JSON.stringify([rows, await db.selectFrom('data_keys').selectAll().execute()])
    expect([stored.includes(internalKey), stored.includes(dataKey)]).toEqual([false, false])
  })

  test('that was deleted does not come back with an update', async () => {
    const identity = await install(await revision())
    const known = await prepare()
    await inCommit(db, deleteInstance, identity, { keepsData: false })
    await expect(install(await revision(), known)).rejects.toMatchObject({ status: 409 })
  })
})

describe('an API key', () => {
  test('is stored as a digest and belongs to one instance', async () => {
    const { id: instanceId } = await install(await revision())
    const { key, value } = await inCommit(db, createApiKey, { instanceId, name: 'phone', nowMs })
    const [idPart, secret, ...rest] = value.split('_')
    expect([`key_${idPart}`, digestOf(value), rest]).toEqual([key.id, key.digest, []])
    expect(JSON.stringify(await db.selectFrom('api_keys').selectAll().execute())).not.toContain(secret!)
    const elsewhere = inCommit(db, deleteApiKey, newId('inst'), key.id)
    await expect(elsewhere).rejects.toMatchObject({ status: 404 })
    await inCommit(db, deleteApiKey, instanceId, key.id)
    expect(await listApiKeys(db, instanceId)).toEqual([])
  })

  test('goes with its instance', async () => {
    const instance = await install(await revision())
    await inCommit(db, createApiKey, { instanceId: instance.id, name: 'phone', nowMs })
    await inCommit(db, deleteInstance, instance, { keepsData: false })
    expect(await listAllApiKeys(db)).toEqual([])
  })
})

test('an env value is read back, replaced, and never stored in the open', async () => {
  const { id } = await install(await revision())
  await setEnvValues(db, sealer, id, [{ micro: 'web', name: 'TOKEN', value: 'hunter1' }])
  await setEnvValues(db, sealer, id, [{ micro: 'web', name: 'TOKEN', value: 'hunter2' }])
  expect(await listEnvValues(db, sealer, id)).toEqual([{ micro: 'web', name: 'TOKEN', value: 'hunter2' }])
  expect(JSON.stringify(await db.selectFrom('env_values').selectAll().execute())).not.toContain('hunter')
})

test('old revisions and old failures are removed, never the one that serves', async () => {
  const serving = await revision('serving')
  await install(serving)
  for (let i = 0; i < KEPT_BUILDS + 2; i++) await revision()
  for (let i = 0; i < KEPT_BUILDS + 1; i++)
    await failOperation(db, { table: 'builds', id: (await push()).id }, 'failed', 'no')
  for (let i = 0; i < KEPT_BUILDS + 1; i++) await push()
  const { builds } = await pruneBuilds(db, app.id)
  expect(builds.length).toBe(4)
  const kept = await listRevisions(db, app.id, 100)
  expect(kept.length).toBe(KEPT_BUILDS + 1)
  expect(kept.at(-1)!.tag).toBe('serving')
})
