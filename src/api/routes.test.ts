import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { CALLS, nameOf, openApiDocument } from '../contract/index.ts'
import { APP_HOST_ROUTES } from './app-host.ts'
import { HOME_ROUTES } from './routes/index.ts'
import { FROM, type Owner, type TestApi, openWithOwner } from './testing/test-api.ts'

/** Each line here is a call that answers strangers. */
const PUBLIC: string[] = [
  'GET /api/v0/time',
  'GET /api/v0/status',
  'GET /api/v0/served-names',
  'GET /api/v0/openapi.json',
  'POST /api/v0/setup',
  'POST /api/v0/session',
  'POST /api/v0/cli-logins',
  'POST /api/v0/cli-logins/:id/poll',
]

let platform: TestApi
let owner: Owner
beforeAll(async () => void ({ platform, owner } = await openWithOwner()))
afterAll(() => platform[Symbol.asyncDispose]())

const rows = HOME_ROUTES.map(({ spec }) => [nameOf(spec), spec] as const)
const userRows = rows.filter(([, { auth }]) => auth === 'user')
const concrete = (path: string) => path.replace(/:\w+/g, 'x')

describe('the route table', () => {
  test('says who may call in every row', () => {
    expect(rows.filter(([, { auth }]) => !['public', 'user', 'handoff'].includes(auth))).toEqual([])
  })

  test('answers strangers in the listed rows and in no other', () => {
    expect(rows.filter(([, { auth }]) => auth === 'public').map(([name]) => name)).toEqual(PUBLIC)
    expect(rows.filter(([, { auth }]) => auth === 'handoff').map(([name]) => name)).toEqual([
      'GET /auth/handoff',
      'GET /auth/return',
    ])
    expect(APP_HOST_ROUTES.map(({ spec }) => `${spec.auth}: ${nameOf(spec)}`)).toEqual([
      'code: GET /__space/auth/callback',
      'same-origin: POST /__space/auth/sign-out',
    ])
  })

  test('answers each call of the contract, and no other', () => {
    const answered = [...HOME_ROUTES, ...APP_HOST_ROUTES].map(({ spec }) => nameOf(spec))
    expect(answered.sort()).toEqual(CALLS.map(nameOf).sort())
  })

  test('is shown to anyone as an OpenAPI document', async () => {
    const answer = await platform.call('GET', '/api/v0/openapi.json')
    expect([answer.status, await answer.json()]).toEqual([200, openApiDocument('0.0.0-test')])
  })

  test('has no row twice', () => {
    const names = rows.map(([name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe.each(userRows)('%s', (_, { method, path }) => {
  const call = (options: object) => platform.call(method, concrete(path), options)

  test('refuses a stranger', async () => {
    expect((await call({ from: FROM.program })).status).toBe(401)
  })

  test('refuses a made-up session, token and bearer', async () => {
    const attempts = [
      { from: FROM.home, cookie: 'space_home=made-up' },
      { from: FROM.home, cookie: 'space_home=' },
      { token: 'abcdefgh_abcdefghijklmnopqrstuvwxyz012345' },
      { token: `${owner.token.slice(0, -1)}!` },
      { headers: { Authorization: `Bearer ${owner.token}` } },
      { headers: { 'X-Deta-Signature': owner.token, 'X-Deta-Timestamp': '1' } },
      { headers: { 'X-Space-App-Key': owner.token } },
    ]
    for (const attempt of attempts) expect((await call(attempt)).status).toBe(401)
  })

  test('refuses the session of the owner when the page of another app uses it', async () => {
    const { status, headers } = await call({ from: FROM.sibling, cookie: owner.cookie })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, null])
  })

  test('does not exist on the host of an app', async () => {
    const headers = { 'X-Space-Gateway-Instance': 'inst_x' }
    const answer = await call({ from: FROM.home, cookie: owner.cookie, headers })
    expect(answer.status).toBe(404)
  })

  test('does not exist on a host that is not ours', async () => {
    const answer = await call({ cookie: owner.cookie, origin: 'http://evil.example:7070' })
    expect(answer.status).toBe(404)
  })
})

describe.each(userRows.filter(([, { method }]) => method !== 'GET'))('%s', (_, { method, path }) => {
  test('accepts a session only when the browser says that a page of Home made the request', async () => {
    const attempts = [
      FROM.program,
      FROM.addressBar,
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://evil-abc234.space.localhost:7070' },
      { Origin: 'http://space.localhost:7071' },
      { Origin: 'https://space.localhost:7070' },
      { Origin: 'http://localhost:7070' },
    ]
    for (const from of attempts) {
      const answer = await platform.call(method, concrete(path), { from, cookie: owner.cookie })
      expect([from, answer.status]).toEqual([from, 401])
    }
  })
})
