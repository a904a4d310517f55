import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { insertPerson } from '../people/testing/insert-person.ts'
import { digestOf } from '../kernel/ids.ts'
import {
  type CallOptions,
  FROM,
  HOME,
  OWNER,
  type Owner,
  type TestApi,
  cookieOf,
  json,
} from './testing/test-api.ts'
import {
  type HandOff,
  LOGIN_SECRET,
  followHandOff,
  handoffPath,
  locationOf,
  newestSession,
  startHandOff,
} from './testing/hand-off.ts'
import { type Pushed, pushApp, openWithApp } from './testing/push-app.ts'

let platform: TestApi
let owner: Owner
let app: Pushed
beforeAll(async () => void ({ platform, owner, app } = await openWithApp()))
afterAll(() => platform[Symbol.asyncDispose]())
beforeEach(() => {
  // One session of Home may have fifty codes open at a time.
  platform.clock.nowMs += 61_000
  platform.published.length = 0
})

const handOff = (query: Partial<HandOff> = {}, options: Pick<CallOptions, 'cookie' | 'from'> = {}) =>
  startHandOff(platform, { host: app.host, ...query }, { cookie: owner.cookie, ...options })

/** The answer of the app's host to the browser that follows `location`. */
const follow = (location: string, options: object = {}) =>
  followHandOff(platform, location, { instanceId: app.instanceId, ...options })

const sessionsPublished = () => platform.published.filter(({ op }) => op === 'session.put').length

describe('the hand-off', () => {
  test('gives the app host a session of its own and lands on the very URL', async () => {
    const toApp = await handOff()
    expect(toApp.status).toBe(302)
    expect(locationOf(toApp)).toStartWith(`${app.url}/__space/auth/callback?code=`)
    const landed = await follow(locationOf(toApp))
    expect([landed.status, locationOf(landed)]).toEqual([302, `${app.url}/a?b=c`])
    const cookie = landed.headers.get('set-cookie')!
    expect(cookie).toMatch(
      /^space_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Priority=High$/,
    )
    expect(platform.published.at(-1)).toMatchObject({
      op: 'session.put',
      session: { digest: digestOf(cookie.slice('space_session='.length, 57)), instanceId: app.instanceId },
    })
  })

  test('signs in first, and comes back to where it was', async () => {
    const toLogin = await handOff({}, { cookie: undefined })
    const target = new URL(locationOf(toLogin))
    expect([toLogin.status, target.origin + target.pathname]).toEqual([302, `${HOME}/login`])
    expect(target.searchParams.get('redirect_uri')).toBe(HOME + handoffPath({ host: app.host }))
  })

  test.each([
    ['a code used before', async (url: string) => (await follow(url), follow(url))],
    ['another browser', (url: string) => follow(url, { cookie: `space_login=${'b'.repeat(43)}` })],
    ['a browser without a pre-login cookie', (url: string) => follow(url, { cookie: '' })],
    [
      'two pre-login cookies',
      (url: string) => follow(url, { cookie: `space_login=${LOGIN_SECRET}; space_login=${'b'.repeat(43)}` }),
    ],
    ['a code after a minute', (url: string) => ((platform.clock.nowMs += 61_000), follow(url))],
    ['a made-up code', (url: string) => follow(url.replace(/code=.*/, `code=${'c'.repeat(43)}`))],
    ['no code', (url: string) => follow(url.replace(/\?.*/, ''))],
  ])('refuses %s, without a session', async (_, attempt) => {
    const toApp = await handOff()
    const before = sessionsPublished()
    const answer = await attempt(locationOf(toApp))
    const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('space_session='))
    expect([answer.status, session]).toEqual([400, undefined])
    expect(sessionsPublished() - before).toBeLessThanOrEqual(_ === 'a code used before' ? 1 : 0)
  })

  test('does not take the code of one app on the host of another', async () => {
    const other = await pushApp(platform, owner, 'other')
    const toApp = await handOff()
    const answer = await follow(locationOf(toApp), { instanceId: other.instanceId, origin: other.url })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([400, null])
  })

  test.each([
    ['a host that is not ours', 'evil.example'],
    ['a host that only ends like ours', 'notes-abc234evilspace.localhost'],
    ['a host that only begins like ours', 'notes-abc234.space.localhost.evil.example'],
    ['a host with a user name', 'x@notes-abc234.space.localhost'],
    ['two labels', 'a.notes-abc234.space.localhost'],
    ['Home itself', 'space.localhost'],
    ['an app that is not there', 'notes-zzzzzz.space.localhost'],
    ['nothing', ''],
  ])('sends no browser to %s', async (_, host) => {
    const answer = await handOff({ host })
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
  })

  test.each([
    '//evil.example/',
    '/\\evil.example/',
    'https://evil.example/',
    '\\\\evil.example',
    '/\t/evil.example',
    '/a\r\nSet-Cookie: x=y',
    'javascript:alert(1)',
    '/__space/auth/sign-out',
    '@evil.example/',
    '.evil.example/',
  ])('lands on the app whatever the return path says: %j', async (to) => {
    const landed = await follow(locationOf(await handOff({ to })))
    expect(locationOf(landed)).toBe(`${app.url}/`)
  })

  test.each([{ 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Site': 'same-site' }, FROM.sibling])(
    'is for the address bar only: %j',
    async (from) => {
      expect((await handOff({}, { from })).status).toBe(403)
    },
  )

  test('does not give a code to a challenge that is not a digest', async () => {
    expect((await handOff({ challenge: 'short' })).status).toBe(400)
  })
})

const signOut = async (from: object, method = 'POST') => {
  const landed = await follow(locationOf(await handOff()))
  const cookie = landed.headers.get('set-cookie')!.split(';', 1)[0]!
  const headers = { 'X-Space-Gateway-Instance': app.instanceId }
  const path = '/__space/auth/sign-out'
  return platform.call(method, path, { origin: app.url, cookie, headers, from: { ...from } })
}

const goBack = (uri: string) =>
  platform.call('GET', `/auth/return?${new URLSearchParams({ redirect_uri: uri })}`, {
    from: FROM.addressBar,
  })

describe('another person', () => {
  let stranger: string
  beforeAll(async () => {
    const person = { username: 'eve', password: 'correct horse battery' }
    await insertPerson(platform.db, person, platform.clock.nowMs)
    stranger = cookieOf(await platform.call('POST', '/api/v0/session', { body: person }))
  })

  test('is refused by the hand-off, with a page', async () => {
    const answer = await handOff({}, { cookie: stranger })
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
    expect(answer.headers.get('content-type')).toStartWith('text/html')
  })

  test('cannot see, use or delete resources of the owner', async () => {
    const calls = [
      ['GET', `/apps/${app.appId}`],
      ['DELETE', `/apps/${app.appId}`],
      ['GET', `/apps/${app.appId}/revisions`],
      ['GET', `/builds?app_id=${app.appId}`],
      ['POST', '/builds', { app_id: app.appId }],
      ['GET', `/instances/${app.instanceId}`],
      ['PATCH', `/instances/${app.instanceId}`, { micros: [] }],
      ['GET', `/instances/${app.instanceId}/icon`],
      ['GET', `/instances/${app.instanceId}/logs`],
      ['GET', `/instances/${app.instanceId}/api_keys`],
      ['POST', `/instances/${app.instanceId}/api_keys`, { name: 'x' }],
      ['DELETE', `/instances/${app.instanceId}/api_keys/key_x`],
      ['DELETE', `/instances/${app.instanceId}`],
    ] as const
    for (const [method, path, body] of calls) {
      const answer = await platform.call(method, `/api/v0${path}`, {
        cookie: stranger,
        from: FROM.home,
        body,
      })
      expect([method, path, answer.status]).toEqual([method, path, 404])
    }
    const lists = {
      apps: '/apps',
      instances: '/instances',
      promotions: '/promotions',
      installations: '/installations',
    }
    for (const [name, path] of Object.entries(lists)) {
      const found = await json(platform.call('GET', `/api/v0${path}`, { cookie: stranger, from: FROM.home }))
      expect(found).toMatchObject({ [name]: [] })
    }
    expect(platform.published.some(({ op }) => op === 'key.put' || op === 'instance.delete')).toBe(false)
  })
})

describe('the way back from the log-in page', () => {
  test('leads to an app of ours, as it was written', async () => {
    const uri = `${app.url}/a?b=c`
    expect(locationOf(await goBack(uri))).toBe(uri)
  })

  test.each([
    'https://evil.example/',
    'http://space.localhost:7070@evil.example/',
    'http://notes-abc234.space.localhost.evil.example:7070/',
    'http://evilspace.localhost:7070/',
    '//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://evil.example?.space.localhost:7070',
  ])('leads Home instead of to %s', async (uri) => {
    expect(locationOf(await goBack(uri))).toBe(HOME)
  })
})

describe('signing out', () => {
  test('of one app ends its session, and gateways know before the answer', async () => {
    const answer = await signOut({ 'Sec-Fetch-Site': 'same-origin', Origin: app.url })
    expect([answer.status, locationOf(answer)]).toEqual([303, HOME])
    expect(platform.published.at(-1)).toEqual({ op: 'session.delete', id: newestSession(platform) })
  })

  test.each([
    ['a link', {}, 'GET'],
    ['a page elsewhere', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }, 'POST'],
    ['a sibling app', FROM.sibling, 'POST'],
    ['an unknown source', {}, 'POST'],
  ])('cannot be done by %s', async (_, from, method) => {
    const answer = await signOut(from, method)
    expect(answer.status).toBeOneOf([403, 404])
    expect(platform.published).not.toContainEqual({ op: 'session.delete', id: newestSession(platform) })
  })

  test('at Home ends every session that grew from it', async () => {
    const cookie = cookieOf(await platform.call('POST', '/api/v0/session', { body: OWNER }))
    await follow(locationOf(await handOff({}, { cookie })))
    const id = newestSession(platform)
    await platform.call('DELETE', '/api/v0/session', { cookie, from: FROM.home })
    expect(platform.published.at(-1)).toEqual({ op: 'session.delete', id })
  })
})

test.each([
  '/',
  '/api/v0/status',
  '/login',
  '/auth/handoff',
  '/__space/',
  '/__space/auth',
  '/main-3f9k2jx1.js',
])('on the host of an app there is no %s of ours', async (path) => {
  const headers = { 'X-Space-Gateway-Instance': app.instanceId }
  const answer = await platform.call('GET', path, { origin: app.url, headers, cookie: owner.cookie })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/json;charset=utf-8'])
})
