import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { addUses } from '../exposure/usage.ts'
import { digestOf } from '../kernel/ids.ts'
import { expire } from '../processes/expire.ts'
import { type Pushed, openWithApp } from './testing/push-app.ts'
import { type Owner, SPACEFILE, type TestApi, json } from './testing/test-api.ts'

const SPACEFILE_WITH_KEYS = `${SPACEFILE}    primary: true
    presets:
      api_keys: true
  - name: api
    src: site
    engine: static
    serve: .
`
const DAY_MS = 24 * 60 * 60 * 1_000

let platform: TestApi
let owner: Owner
let app: Pushed
beforeEach(async () => void ({ platform, owner, app } = await openWithApp(SPACEFILE_WITH_KEYS)))
afterEach(() => platform[Symbol.asyncDispose]())

interface Key {
  id: string
  name: string
  value: string
  expires_at: string | null
}

const call = (method: string, path: string, body?: object) =>
  platform.call(method, `/api/v0/instances/${app.instanceId}${path}`, { token: owner.token, body })
const create = (scope: object = {}) => json<Key>(call('POST', '/api_keys', { name: 'phone', ...scope }))
const list = async () => (await json<{ keys: Key[] }>(call('GET', '/api_keys'))).keys
const rotate = (id: string, body: object = {}) => call('POST', `/api_keys/${id}/rotate`, body)
const inMs = (ms: number) => new Date(platform.clock.nowMs + ms).toISOString()

describe('a key', () => {
  test('may be limited to micros, methods, paths, a time and a rate, and gateways know', async () => {
    const scope = {
      micros: ['web'],
      methods: ['get', 'GET', 'Post'],
      paths: ['/hook', '/docs/*'],
      expires_at: inMs(DAY_MS),
      per_minute: 30,
      origins: ['https://Page.test/', 'http://localhost:3000', 'app://notes', 'https://page.test:443'],
    }
    const origins = ['https://page.test', 'http://localhost:3000', 'app://notes']
    const { value, ...key } = await create(scope)
    expect(key).toMatchObject({ ...scope, methods: ['GET', 'POST'], origins, last_used_at: null, uses: 0 })
    expect(platform.published.at(-1)).toEqual({
      op: 'key.put',
      key: {
        id: key.id,
        name: 'phone',
        digest: digestOf(value),
        instanceId: app.instanceId,
        micros: ['web'],
        methods: ['GET', 'POST'],
        paths: ['/hook', '/docs/*'],
        expiresAtMs: Date.parse(scope.expires_at),
        perMinute: 30,
        origins,
      },
    } as never)
    expect(await list()).toMatchObject([{ ...scope, methods: ['GET', 'POST'], origins }])
  })

  test.each([
    [{ micros: ['mobile'] }, 'There is no micro mobile; there is web, api'],
    [{ micros: ['api'] }, 'Micro api does not accept keys'],
    [{ micros: [] }, 'omit it for no limit'],
    [{ methods: ['GET /'] }, 'must be a method such as GET'],
    [{ paths: ['/a(b)'] }, '"/a(b)": ( has no meaning in a pattern'],
    [{ paths: ['hook'] }, 'a pattern begins with a slash'],
    [{ paths: ['/__space/x'] }, 'belongs to the platform'],
    [{ expires_at: 'tomorrow' }, 'must be a time such as'],
    [{ expires_at: '2001-01-01T00:00:00Z' }, 'expires_at must be in the future'],
    [{ expires_at: '2999-01-01T00:00:00Z' }, 'expires_at must be within ten years'],
    [{ per_minute: 0 }, 'per_minute'],
    [{ per_minute: 1.5 }, 'per_minute'],
    [{ origins: [] }, 'omit it for no limit'],
    [{ origins: ['*'] }, '"*" is not an origin'],
    [{ origins: ['null'] }, 'is not an origin'],
    [{ origins: ['https://a.test/page'] }, 'is not an origin'],
    [{ origins: ['https://user@a.test'] }, 'is not an origin'],
    [{ origins: ['a.test'] }, 'is not an origin'],
    [{ origins: ['https://a.test\r\nX: 1'] }, 'is not an origin'],
    [{ origins: ['data:text/html,x'] }, 'is not an origin'],
    [{ origins: ['javascript://a.test/%0aalert(1)'] }, 'is not an origin'],
  ])('is not created with an invalid limit: %j', async (scope, message) => {
    const answer = await call('POST', '/api_keys', { name: 'phone', ...scope })
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, detail]).toEqual([400, expect.stringContaining(message)])
    expect(await list()).toEqual([])
  })

  test('shows its last use and the number of uses', async () => {
    const { id } = await create()
    const lastAtMs = platform.clock.nowMs
    const use = { kind: 'key', instanceId: app.instanceId, id, count: 3, lastAtMs } as const
    await addUses(platform.db, [use, { ...use, lastAtMs: lastAtMs - DAY_MS }])
    expect(await list()).toMatchObject([{ uses: 6, last_used_at: new Date(lastAtMs).toISOString() }])
  })
})

describe('rotating a key', () => {
  test('creates a key of the same name and scope, and the old one expires after the overlap', async () => {
    const origins = ['https://page.test']
    const { value: _, ...old } = await create({ micros: ['web'], per_minute: 5, origins })
    const answer = await rotate(old.id, { overlap_seconds: 3_600 })
    expect(answer.status).toBe(201)
    const fresh = (await answer.json()) as Key
    expect(fresh).toMatchObject({ name: 'phone', micros: ['web'], per_minute: 5, expires_at: null, origins })
    expect(fresh.value).toMatch(/^[a-z0-9]{16}_[A-Za-z0-9]{43}$/)
    const endsAt = platform.clock.nowMs + 3_600_000
    expect(platform.published.slice(-2)).toMatchObject([
      { op: 'key.put', key: { id: fresh.id, digest: digestOf(fresh.value), expiresAtMs: null } },
      { op: 'key.put', key: { id: old.id, expiresAtMs: endsAt } },
    ])
    expect((await list()).find(({ id }) => id === old.id)!.expires_at).toBe(new Date(endsAt).toISOString())
  })

  test('without overlap ends the old key at once', async () => {
    const { id } = await create()
    await rotate(id, { overlap_seconds: 0 })
    expect(platform.published.at(-1)).toMatchObject({ key: { id, expiresAtMs: platform.clock.nowMs } })
  })

  test('has an overlap of a day by default', async () => {
    const { id } = await create()
    await rotate(id)
    expect(platform.published.at(-1)).toMatchObject({
      key: { id, expiresAtMs: platform.clock.nowMs + DAY_MS },
    })
  })

  test('never extends a key', async () => {
    const { id, expires_at } = await create({ expires_at: inMs(60_000) })
    await rotate(id, { overlap_seconds: 86_400 })
    expect(platform.published.at(-1)).toMatchObject({ key: { id, expiresAtMs: Date.parse(expires_at!) } })
  })

  test('happens once, and not to a key that has expired or belongs to another person', async () => {
    const { id } = await create()
    const short = await create({ expires_at: inMs(1_500) })
    const answers = [await rotate(id), await rotate(id), await rotate('key_unknown')]
    expect(answers.map(({ status }) => status)).toEqual([201, 409, 404])
    expect((await rotate(short.id)).status).toBe(409)
  })

  test.each([-1, 2_592_001, 0.5, '60'])('rejects an overlap of %p', async (overlap_seconds) => {
    const { id } = await create()
    expect((await rotate(id, { overlap_seconds })).status).toBe(400)
  })
})

describe('an expired key', () => {
  test('is published once more, which ends the streams that it let in, and is deleted a month later', async () => {
    const { id } = await create({ expires_at: inMs(60_000) })
    const context = { db: platform.db, sync: platform.sync, now: () => platform.clock.nowMs }
    const news = async (sinceMs: number) => {
      const before = platform.published.length
      const untilMs = await expire(context, sinceMs)
      return { untilMs, changes: platform.published.slice(before) }
    }
    const early = await news(platform.clock.nowMs)
    expect(early.changes).toEqual([])
    platform.clock.nowMs += 60_000
    const late = await news(early.untilMs)
    expect(late.changes).toMatchObject([{ op: 'key.put', key: { id } }])
    expect((await news(late.untilMs)).changes).toEqual([])
    expect(await list()).toMatchObject([{ id }])
    platform.clock.nowMs += 30 * DAY_MS
    expect((await news(late.untilMs)).changes).toEqual([{ op: 'key.delete', id }])
    expect(await list()).toEqual([])
  })
})

test('DETA_API_KEY is new after its rotation, and gateways refuse the old one', async () => {
  const digest = () => {
    const put = platform.published.findLast(({ op }) => op === 'instance.put')
    return (put as { instance: { internalKeyDigest: string } }).instance.internalKeyDigest
  }
  const before = digest()
  expect((await call('POST', '/internal_key/rotate')).status).toBe(204)
  expect(digest()).not.toBe(before)
})
