import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { inCommit, recordingSync } from '../directory-sync/testing/in-commit.ts'
import { randomBytes } from 'node:crypto'
import type { Database } from '../storage/index.ts'
import { createSealer } from '../storage/sealer.ts'
import { type ServerTables, serverMigrations } from '../api/schema.ts'
import { type TestDatabase, openTestDatabase } from '../storage/testing/test-database.ts'
import { type InstanceId, type UserId, newId } from '../kernel/ids.ts'
import { completeBuild, createApp, createBuild, createRelease, startBuild } from '../projects/index.ts'
import type { Domain } from './domain-model.ts'
import { DOMAIN_LIMITS } from './limits.ts'
import {
  activateDomain,
  addDomain,
  deleteDomain,
  listDomainNames,
  listDomains,
  listDueDomains,
  noteDomainCheck,
  requireDomain,
} from './domain-store.ts'
import {
  deleteInstance,
  getInstance,
  listInstances,
  prepareInstance,
  putRevision,
} from '../instances/index.ts'

const sealer = createSealer(randomBytes(32))
const ada = newId<UserId>('usr')
const eve = newId<UserId>('usr')
const NOW = Date.UTC(2026, 10, 22)
const NAME = 'notes.example.org'

let database: TestDatabase<ServerTables>
let db: Database<ServerTables>
let notes: InstanceId
let blog: InstanceId
beforeEach(async () => {
  database = await openTestDatabase<ServerTables>(serverMigrations)
  db = database.db
  notes = await install(ada, 'notes')
  blog = await install(eve, 'blog')
})
afterEach(() => database[Symbol.asyncDispose]())

async function install(ownerId: UserId, name: string): Promise<InstanceId> {
  const nowMs = NOW
  const app = await createApp(db, { ownerId, name, alias: '', nowMs })
  const build = await createBuild(db, { appId: app.id, tag: '', autoPwa: true, nowMs })
  await startBuild(db, build.id)
  await completeBuild(db, build.id, [])
  const channel = 'development'
  const release = await createRelease(db, { appId: app.id, buildId: build.id, channel, nowMs })
  const deps = { db, sealer, sync: recordingSync(db) }
  const identity = await prepareInstance(deps, app, { channel, nowMs })
  await inCommit(db, putRevision, sealer, identity, {
    app,
    channel,
    buildId: build.id,
    releaseId: release.id,
    nowMs,
  })
  return identity.id
}

const MOST = 5
const add = (instanceId: InstanceId, name = NAME, assignAnyway = false): Promise<Domain> =>
  addDomain(db, { instanceId, name, assignAnyway, most: MOST, nowMs: NOW })
const prove = (domain: Domain) => inCommit(db, activateDomain, domain, { proof: 'dns', nowMs: NOW })
const namesOf = async (id: InstanceId) => (await getInstance(db, id))!.domains

describe('a domain', () => {
  test('leads nowhere before it is proved', async () => {
    await add(notes)
    expect(await namesOf(notes)).toEqual([])
    expect(await listInstances(db, ada, { domain: NAME })).toEqual([])
    expect(await listDomainNames(db, ada)).toEqual([])
  })

  test('leads to its instance once it is, for its owner', async () => {
    await prove(await add(notes))
    expect(await namesOf(notes)).toEqual([NAME])
    expect((await listInstances(db, ada, { domain: NAME })).map(({ id }) => id)).toEqual([notes])
    expect(await listInstances(db, eve, { domain: NAME })).toEqual([])
    expect([await listDomainNames(db, ada), await listDomainNames(db, eve)]).toEqual([[NAME], []])
  })

  test('has a token that no other has', async () => {
    const tokens = [await add(notes), await add(notes, 'a.example'), await add(blog)].map(
      ({ token }) => token,
    )
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9]{32}$/)
  })

  test('is found by the instance it was added to, and by no other', async () => {
    const { id } = await add(notes)
    expect(await requireDomain(db, notes, id)).toMatchObject({ name: NAME })
    await expect(requireDomain(db, blog, id)).rejects.toMatchObject({ status: 404 })
  })

  test('is added once, and up to a maximum number', async () => {
    for (let i = 0; i < MOST; i++) await add(notes, `n${i}.example.org`)
    await expect(add(notes, 'n0.example.org')).rejects.toMatchObject({ code: 'conflict' })
    await expect(add(notes, 'more.example.org')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('is free again when it or its instance is deleted', async () => {
    const domain = await add(notes)
    await prove(domain)
    expect(await inCommit(db, deleteDomain, domain)).toMatchObject({ name: NAME, status: { kind: 'active' } })
    await expect(inCommit(db, deleteDomain, domain)).rejects.toMatchObject({ status: 404 })
    await prove(await add(notes))
    await inCommit(db, deleteInstance, (await getInstance(db, notes))!, { keepsData: false })
    await add(blog)
    expect(await listDomains(db, notes)).toEqual([])
  })
})

describe('a domain of another app', () => {
  let mine: Domain
  beforeEach(async () => void (await prove((mine = await add(notes)))))

  test('is not added without knowing it', async () => {
    await expect(add(blog)).rejects.toMatchObject({ status: 409, code: 'in_use' })
  })

  test('stays where it is until the proof for this one is there', async () => {
    await add(blog, NAME, true)
    expect([await namesOf(notes), await namesOf(blog)]).toEqual([[NAME], []])
  })

  test('moves with the new proof', async () => {
    expect(await prove(await add(blog, NAME, true))).toBe(notes)
    expect([await namesOf(notes), await namesOf(blog)]).toEqual([[], [NAME]])
    await expect(requireDomain(db, notes, mine.id)).rejects.toMatchObject({ status: 404 })
  })

  test('does not move without proof, not even for the owner of the server', async () => {
    const theirs = await add(blog, NAME, true)
    const taking = inCommit(db, activateDomain, theirs, { proof: 'owner', nowMs: NOW })
    await expect(taking).rejects.toMatchObject({ code: 'in_use' })
    expect([await namesOf(notes), await namesOf(blog)]).toEqual([[NAME], []])
  })

  test('cannot be active twice, whatever the code does', async () => {
    const { id } = await add(blog, NAME, true)
    const forced = db.updateTable('domains').set({ status: 'active' }).where('id', '=', id).execute()
    await expect(forced).rejects.toThrow(/unique/i)
  })
})

describe('the proof of a domain', () => {
  const due = async (nowMs: number) => (await listDueDomains(db, nowMs)).map(({ name }) => name)
  const nextLook = async () => {
    const row = await db.selectFrom('domains').select('next_check_at_ms').executeTakeFirstOrThrow()
    return row.next_check_at_ms
  }

  test('is looked for again and again, ever less often, for a day', async () => {
    const domain = await add(notes)
    const looks: number[] = []
    for (let at = await nextLook(); at !== null; at = await nextLook()) {
      expect([await due(at - 1), await due(at)]).toEqual([[], [NAME]])
      looks.push(at - NOW)
      await noteDomainCheck(db, domain, { finding: 'none', nowMs: at })
    }
    const pauses = looks.slice(1).map((at, i) => at - looks[i]!)
    expect(looks[0]).toBe(DOMAIN_LIMITS.checkPauseMs.min)
    expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses)
    expect(looks.length).toBeLessThan(100)
    expect(looks.at(-1)! - DOMAIN_LIMITS.checkedForMs).toBeLessThan(DOMAIN_LIMITS.checkPauseMs.max)
  })

  test('is not looked for any more once it is found', async () => {
    const domain = await add(notes)
    await prove(domain)
    await noteDomainCheck(db, domain, { finding: 'none', nowMs: NOW })
    expect(await due(Infinity)).toEqual([])
    expect((await requireDomain(db, notes, domain.id)).status).toMatchObject({ kind: 'active', proof: 'dns' })
  })

  test('that is found for a domain that was removed opens nothing', async () => {
    const domain = await add(notes)
    await inCommit(db, deleteDomain, domain)
    await expect(prove(domain)).rejects.toMatchObject({ status: 404 })
    expect(await namesOf(notes)).toEqual([])
  })
})
