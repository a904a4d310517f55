import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Override } from '../access/index.ts'
import { insertPerson } from '../people/testing/insert-person.ts'
import type { InstanceEntry, Refusal } from '../directory/index.ts'
import { startUsageRecorder } from '../exposure/index.ts'
import { silentLogger } from '../kernel/log.ts'
import { type Pushed, pushAgain, openWithApp } from './testing/push-app.ts'
import { FROM, HOME, type Owner, SPACEFILE, type TestApi, cookieOf, json } from './testing/test-api.ts'

const ROUTES = `${SPACEFILE}    public_routes: ["/ping", "/docs/*"]\n    private_routes: ["/docs/secret"]\n`
const DAY_MS = 24 * 60 * 60 * 1_000

let platform: TestApi
let owner: Owner
let app: Pushed
beforeEach(async () => void ({ platform, owner, app } = await openWithApp(ROUTES)))
afterEach(() => platform[Symbol.asyncDispose]())

interface Surface {
  routes: {
    micro: string
    pattern: string
    state: string
    since: string
    uses: number
    advice: string | null
  }[]
  overrides: Override[]
}

const call = (method: string, path: string, body?: object) =>
  platform.call(method, `/api/v0${path}`, { token: owner.token, body })
const surface = () => json<Surface>(call('GET', `/instances/${app.instanceId}/access`))
const override = (...overrides: Override[]) =>
  call('PUT', `/instances/${app.instanceId}/access/overrides`, { overrides })

const close = (pattern: string, micro = 'web'): Override => ({ micro, kind: 'close', pattern })
const hide = (pattern: string, micro = 'web'): Override => ({ micro, kind: 'private', pattern })

/** The routes that gateways use, as last published. */
const published = (): InstanceEntry['micros'][number] => {
  const last = platform.published.findLast(({ op }) => op === 'instance.put') as { instance: InstanceEntry }
  return last.instance.micros[0]!
}

/** The cookie of a person without an app. */
async function signInStranger(cookie?: string): Promise<string> {
  const person = { username: 'eve', password: 'another long password' }
  await insertPerson(platform.db, person, platform.clock.nowMs).catch(() => null)
  return cookieOf(await platform.call('POST', '/api/v0/session', { body: person, cookie, from: FROM.home }))
}

describe('the public routes of an app', () => {
  test('are listed with their micro, since when, and warnings', async () => {
    expect(await surface()).toMatchObject({
      routes: [
        {
          micro: 'web',
          mount: '/',
          pattern: '/ping',
          outside: '/ping',
          state: 'open',
          uses: 0,
          advice: null,
        },
        { micro: 'web', pattern: '/docs/*', state: 'open', last_used_at: null },
      ],
      private: [{ micro: 'web', pattern: '/docs/secret', by: 'spacefile' }],
      keys_on: [],
      overrides: [],
    })
    const { routes } = await surface()
    expect(Date.parse(routes[0]!.since)).toBeLessThanOrEqual(platform.clock.nowMs)
  })

  test('keep their start over updates, and get a new start after they were closed', async () => {
    const before = (await surface()).routes
    platform.clock.nowMs += DAY_MS
    await pushAgain(platform, owner, app.appId, ROUTES.replace('"/ping", ', '"/ping", "/new", '))
    const [ping, fresh] = (await surface()).routes as [Surface['routes'][0], Surface['routes'][0]]
    expect([ping.since, fresh.pattern]).toEqual([before[0]!.since, '/new'])
    expect(fresh.since > ping.since).toBe(true)
    await override(close('/ping'))
    await override()
    expect((await surface()).routes[0]!.since > fresh.since).toBe(true)
  })

  test('are hidden from other people, who cannot change them either', async () => {
    const cookie = await signInStranger()
    const path = `/api/v0/instances/${app.instanceId}/access`
    const answers = [
      await platform.call('GET', path, { cookie, from: FROM.home }),
      await platform.call('PUT', `${path}/overrides`, { cookie, from: FROM.home, body: { overrides: [] } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
  })
})

describe('an override', () => {
  test('reaches the gateways before the answer, which shows it', async () => {
    const answer = await json<Surface>(override(close('/ping'), hide('/docs/drafts/*')))
    expect(answer).toMatchObject({
      routes: [
        { pattern: '/docs/*', state: 'open' },
        { pattern: '/ping', state: 'closed', since: null },
      ],
      private: [
        { pattern: '/docs/secret', by: 'spacefile' },
        { pattern: '/docs/drafts/*', by: 'owner' },
      ],
      overrides: [close('/ping'), hide('/docs/drafts/*')],
    })
    expect(published()).toMatchObject({
      publicRoutes: ['/docs/*'],
      privateRoutes: ['/docs/secret', '/docs/drafts/*'],
    })
  })

  test('survives an update, whatever its Spacefile says', async () => {
    await override(close('/ping'), hide('/docs/a'))
    await pushAgain(platform, owner, app.appId, ROUTES)
    expect(published()).toMatchObject({
      publicRoutes: ['/docs/*'],
      privateRoutes: ['/docs/secret', '/docs/a'],
    })
    const { id } = await json<{ id: string }>(call('POST', '/builds', { app_id: app.appId }))
    const manifest = { token: owner.token, body: ROUTES.replace('"/ping"', '"/ping", "/fresh"') }
    const { exposure } = await json<{ exposure: { opens: { pattern: string }[] } }>(
      platform.call('POST', `/api/v0/builds/${id}/manifest`, manifest),
    )
    expect(exposure.opens.map(({ pattern }) => pattern)).toEqual(['/fresh'])
  })

  test('is removed by leaving it out of the list', async () => {
    await override(close('/ping'))
    await override()
    expect(published().publicRoutes).toEqual(['/ping', '/docs/*'])
  })

  test('may stay in the list when an update removes its micro or rule', async () => {
    await override(close('/ping'))
    await pushAgain(platform, owner, app.appId, SPACEFILE)
    expect((await override(close('/ping'))).status).toBe(200)
  })

  test.each([
    [close('/nothing'), 'no public route /nothing'],
    [close('/ping', 'api'), 'There is no micro api; choose from: web'],
    [hide('/a(b|c)'), 'has no meaning in a pattern'],
    [hide(''), 'the pattern is empty'],
    [{ ...close('/ping'), kind: 'open' } as unknown as Override, 'kind'],
  ])('must have an effect: %j', async (wrong, message) => {
    const answer = await override(wrong)
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, detail]).toEqual([400, expect.stringContaining(message)])
    expect((await surface()).overrides).toEqual([])
  })
})

describe('usage', () => {
  test('show each use, and a route without use for 90 days is advised to be closed', async () => {
    const recorder = startUsageRecorder({
      db: platform.db,
      publisher: platform.directory,
      sync: platform.sync,
      log: silentLogger,
      now: () => platform.clock.nowMs,
    })
    const count = (id: string, instanceId = app.instanceId) =>
      ({ kind: 'rule', instanceId, id, count: 2, lastAtMs: platform.clock.nowMs }) as const
    platform.used.report([count('web /ping'), count('web /ping', 'inst_gone')])
    platform.clock.nowMs += 91 * DAY_MS
    platform.used.report([count('web /ping')])
    await recorder[Symbol.asyncDispose]()
    platform.used.report([count('web /docs/*')])
    expect((await surface()).routes).toMatchObject([
      { pattern: '/ping', uses: 4, advice: null },
      { pattern: '/docs/*', uses: 0, advice: 'unused' },
    ])
  })
})

describe('an explanation', () => {
  const explain = (url: string, method = 'get') =>
    json<Record<string, unknown>>(call('POST', '/access/explain', { method, url }))

  test('names the rule that makes a path public', async () => {
    expect(await explain(`${app.url}/docs/a?b=c`)).toMatchObject({
      method: 'GET',
      url: `${app.url}/docs/a?b=c`,
      path: '/docs/a',
      canonical: '/docs/a',
      is_plain: true,
      instance: { id: app.instanceId, app_name: 'notes' },
      micro: 'web',
      mount: '/',
      outcome: 'public',
      reason: null,
      rule: { pattern: '/docs/*', from: 'web' },
      credential: 'none',
      sentences: [
        'The path is served by micro web.',
        'The public rule "/docs/*" of micro web opens it to everyone.',
      ],
    })
  })

  test.each([
    ['/admin', { outcome: 'refused', reason: 'no-credential', rule: null }],
    ['', { outcome: 'refused', path: '/' }],
    ['/docs/secret', { outcome: 'refused', rule: { pattern: '/docs/secret', from: 'web' } }],
    ['/docs/%2e%2e/x', { outcome: 'malformed', canonical: null }],
    ['/docs//a', { outcome: 'refused', is_plain: false }],
    ['/docs/ä b', { outcome: 'public', canonical: '/docs/%C3%A4%20b' }],
    ['/__space/auth', { outcome: 'refused', reason: 'reserved' }],
  ])('explains the path in the given spelling: %j', async (path, expected) => {
    expect(await explain(app.url + path)).toMatchObject(expected)
  })

  test('names the override of the owner', async () => {
    await override(close('/ping'))
    const { sentences, remedies } = await explain(`${app.url}/ping`)
    expect(sentences).toContain(
      'The public rule "/ping" of micro web would open it, but your override closes it.',
    )
    expect(remedies).toContain('Open "/ping" again, which you have closed.')
  })

  test.each(['http://notes-zzzzzz.space.localhost:7070/', 'https://evil.example/', HOME, 'http://a@b/'])(
    'covers only apps of the caller: %s',
    async (url) => {
      expect((await call('POST', '/access/explain', { method: 'GET', url })).status).toBe(404)
    },
  )

  test.each(['', '/ping', 'ftp://x/', 'notes.space.localhost'])(
    'requires a complete URL: %j',
    async (url) => {
      expect((await call('POST', '/access/explain', { method: 'GET', url })).status).toBe(400)
    },
  )
})

describe('a refusal', () => {
  const remember = (more: Partial<Refusal> = {}) =>
    platform.refusals.set('abc-1', {
      id: 'abc-1',
      atMs: platform.clock.nowMs,
      instanceId: app.instanceId,
      method: 'POST',
      origin: app.url,
      path: '/admin',
      reason: 'key-expired',
      credential: 'key',
      ...more,
    })

  test('is explained to the owner', async () => {
    remember()
    expect(await json<object>(call('GET', '/refusals/abc-1'))).toMatchObject({
      refusal_id: 'abc-1',
      at: expect.any(String),
      method: 'POST',
      url: `${app.url}/admin`,
      outcome: 'refused',
      reason: 'key-expired',
      credential: 'key',
      sentences: expect.arrayContaining(['The key has expired.']),
      remedies: expect.arrayContaining(['Create a new key: the one presented has expired.']),
    })
  })

  test('that would pass by now says so', async () => {
    remember({ path: '/ping', reason: 'no-credential', credential: 'none' })
    expect(await json<object>(call('GET', '/refusals/abc-1'))).toMatchObject({
      outcome: 'refused',
      sentences: expect.arrayContaining(['Under the current rules this path is public.']),
    })
  })

  test.each([
    ['/public/../admin', /has a segment/],
    ['/x', /query/],
  ])('says what is wrong with an ambiguous target: %s', async (path, why) => {
    remember({ method: 'GET', path, reason: 'malformed', credential: 'none' })
    const explanation = await json<object>(call('GET', '/refusals/abc-1'))
    expect(explanation).toMatchObject({
      refusal_id: 'abc-1',
      outcome: 'malformed',
      reason: expect.stringMatching(why),
      micro: null,
    })
  })

  test('is hidden from other people, like an id that never existed', async () => {
    remember()
    const cookie = await signInStranger()
    const ask = async (id: string) => {
      const answer = await platform.call('GET', `/api/v0/refusals/${id}`, { cookie, from: FROM.home })
      return [answer.status, await answer.text()]
    }
    expect(await ask('abc-1')).toEqual(await ask('abc-2'))
    expect((await ask('abc-1'))[0]).toBe(404)
  })
})
