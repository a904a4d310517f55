import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Collection, DataKey, NewDataKey } from '../contract/index.ts'
import { startUsageRecorder } from '../exposure/index.ts'
import { silentLogger } from '../kernel/log.ts'
import { digestOf } from '../kernel/ids.ts'
import { pushAgain, pushApp } from './testing/push-app.ts'
import { type CallOptions, type Owner, type TestApi, json, openTestApi, setUp } from './testing/test-api.ts'

let platform: TestApi
let owner: Owner
beforeAll(async () => {
  platform = await openTestApi()
  owner = await setUp(platform)
})
afterAll(() => platform[Symbol.asyncDispose]())

const call = (method: string, path: string, options: CallOptions = {}) =>
  platform.call(method, `/v0${path}`, { token: owner.token, ...options })
const get = <T>(path: string) => json<T>(call('GET', path))
const post = <T>(path: string, body: object) => json<T>(call('POST', path, { body }))
const listed = async () => (await get<{ collections: Collection[] }>('/collections')).collections
const entryOf = (value: string) =>
  platform.published.flatMap((change) =>
    change.op === 'dataKey.put' && change.key.digest === digestOf(value) ? [change.key] : [],
  )[0]

describe('the project keys of an app that was never pushed', () => {
  test('are made and listed as the original command asks, and the first push uses their collection', async () => {
    const { id } = await post<{ id: string }>('/apps', { name: 'early', alias: '' })
    expect(await get<object>(`/apps/${id}/keys`)).toEqual({ keys: [] })
    const made = await call('POST', `/apps/${id}/keys`, { body: { name: 'space cli' } })
    const key = (await made.json()) as { value: string; created_at: string }
    expect([made.status, Object.keys(key).toSorted()]).toEqual([201, ['created_at', 'name', 'value']])
    expect(key.value.split('_')).toHaveLength(2)
    expect(await get<object>(`/apps/${id}/keys`)).toEqual({
      keys: [{ name: 'space cli', created_at: key.created_at }],
    })
    const collectionId = key.value.split('_')[0]!
    expect(entryOf(key.value)).toMatchObject({ collectionId, mayWrite: true, bases: null, drives: null })
    const { instanceId } = await pushAgain(platform, owner, id)
    expect(await get<object>(`/instances/${instanceId}`)).toMatchObject({ collection_id: collectionId })
  })

  test('have one name each, and are refused when they are deleted', async () => {
    const { id } = await post<{ id: string }>('/apps', { name: 'keys', alias: '' })
    const name = 'space cli (1) / ä'
    const { value } = await post<{ value: string }>(`/apps/${id}/keys`, { name })
    expect((await call('POST', `/apps/${id}/keys`, { body: { name } })).status).toBe(409)
    const { id: entryId } = entryOf(value)!
    const path = `/apps/${id}/keys/${encodeURIComponent(name)}`
    expect((await call('DELETE', path)).status).toBe(204)
    expect(platform.published.at(-1)).toEqual({ op: 'dataKey.delete', id: entryId })
    expect((await call('DELETE', path)).status).toBe(404)
  })
})

describe('a collection of no app', () => {
  test('is created, read, renamed and deleted', async () => {
    const { id } = await post<Collection>('/collections', { name: 'Recipes' })
    expect(await get<object>(`/collections/${id}`)).toMatchObject({
      name: 'Recipes',
      kind: 'headless',
      bytes: 0,
    })
    expect(await get<object>(`/collections/${id}/bases`)).toEqual({ bases: [] })
    expect(await get<object>(`/collections/${id}/drives`)).toEqual({ drives: [] })
    await call('PATCH', `/collections/${id}`, { body: { name: 'Cooking' } })
    expect(await listed()).toContainEqual(expect.objectContaining({ id, name: 'Cooking', kind: 'headless' }))
    expect((await call('DELETE', `/collections/${id}`)).status).toBe(204)
    expect((await call('GET', `/collections/${id}`)).status).toBe(404)
  })
})

describe('a data key', () => {
  test.each([
    [{}, { mayWrite: true, bases: null, drives: null }],
    [{ read_only: true }, { mayWrite: false, bases: null, drives: null }],
    // Naming one kind opens none of the other.
    [{ bases: ['a'] }, { mayWrite: true, bases: ['a'], drives: [] }],
    [{ drives: ['b'] }, { mayWrite: true, bases: [], drives: ['b'] }],
    [
      { bases: ['a'], drives: null },
      { mayWrite: true, bases: ['a'], drives: null },
    ],
    [
      { bases: [], drives: ['b'] },
      { mayWrite: true, bases: [], drives: ['b'] },
    ],
  ])('with the limits %j opens %j', async (limits, opens) => {
    const { id } = await post<Collection>('/collections', { name: 'Recipes' })
    const { value, ...key } = await post<NewDataKey>(`/collections/${id}/keys`, { name: 'script', ...limits })
    expect(entryOf(value)).toMatchObject({ collectionId: id, ...opens })
    expect(await get<object>(`/collections/${id}/keys`)).toEqual({ keys: [key] })
  })

  test.each([{ bases: [] }, { drives: [] }, { bases: [], drives: [] }, { bases: [''] }])(
    'that would open nothing is refused: %j',
    async (limits) => {
      const { id } = await post<Collection>('/collections', { name: 'Recipes' })
      const answer = await call('POST', `/collections/${id}/keys`, { body: { name: 'script', ...limits } })
      expect(answer.status).toBe(400)
      expect((await get<{ keys: DataKey[] }>(`/collections/${id}/keys`)).keys).toEqual([])
    },
  )

  test('shows its last use', async () => {
    const { id } = await post<Collection>('/collections', { name: 'Recipes' })
    const key = await post<NewDataKey>(`/collections/${id}/keys`, { name: 'script' })
    const lastAtMs = platform.clock.nowMs
    const recorder = startUsageRecorder({
      db: platform.db,
      publisher: platform.directory,
      sync: platform.sync,
      log: silentLogger,
      now: () => lastAtMs,
    })
    platform.used.report([{ kind: 'dataKey', instanceId: id, id: key.id, count: 2, lastAtMs }])
    await recorder[Symbol.asyncDispose]()
    const { keys } = await get<{ keys: DataKey[] }>(`/collections/${id}/keys`)
    expect(keys[0]!.last_used_at).toBe(new Date(lastAtMs).toISOString())
  })
})

describe('the collection of an app', () => {
  const pushed = async (name: string) => {
    const app = await pushApp(platform, owner, name)
    const { collection_id: id } = await get<{ collection_id: string }>(`/instances/${app.instanceId}`)
    const folder = join(platform.folder, 'collections', id)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'base.db'), 'data')
    return { ...app, id }
  }

  test('is not deleted without the app, nor is the key of its micros', async () => {
    const { id } = await pushed('used')
    expect((await call('DELETE', `/collections/${id}`)).status).toBe(409)
    const { keys } = await get<{ keys: DataKey[] }>(`/collections/${id}/keys`)
    expect(keys).toMatchObject([{ kind: 'app' }])
    expect((await call('DELETE', `/collections/${id}/keys/${keys[0]!.id}`)).status).toBe(409)
  })

  test('is kept when its app is deleted without a word about its data', async () => {
    const { id, instanceId, appId } = await pushed('kept')
    const ended = await json<object>(call('DELETE', `/instances/${instanceId}`))
    expect(ended).toMatchObject({ kept_collection: { id, kind: 'headless' } })
    expect(await json<object>(call('DELETE', `/apps/${appId}`))).toEqual({ kept_collection: null })
    expect(await get<object>(`/collections/${id}/keys`)).toEqual({ keys: [] })
    expect(await listed()).toContainEqual(expect.objectContaining({ id, kind: 'headless', app_id: null }))
  })

  test('is deleted with its app when that is said', async () => {
    const { id, instanceId } = await pushed('gone')
    const ended = await json<object>(call('DELETE', `/instances/${instanceId}?keep_data=false`))
    expect(ended).toEqual({ kept_collection: null })
    expect((await listed()).map((one) => one.id)).not.toContain(id)
  })

  test.each(['', 'maybe', 'null'])('is left alone when what to do with it is %j', async (keep) => {
    const { instanceId } = await pushed(`unclear${keep}`)
    expect((await call('DELETE', `/instances/${instanceId}?keep_data=${keep}`)).status).toBe(400)
    expect((await call('GET', `/instances/${instanceId}`)).status).toBe(200)
  })
})
