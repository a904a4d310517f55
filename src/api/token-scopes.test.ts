/** The calls of limited tokens: every row of the table, called with each kind of token. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { CALLS, nameOf } from '../contract/index.ts'
import {
  cookieOf,
  FROM,
  json,
  OWNER,
  type Owner,
  setUp,
  type TestApi,
  openTestApi,
} from './testing/test-api.ts'

/** The calls that accept a token of scope `push`. */
const PUSH = [
  'DELETE /api/v0/access-tokens/:id',
  'GET /api/v0/space',
  'GET /api/v0/apps',
  'POST /api/v0/apps',
  'GET /api/v0/apps/:id',
  'GET /api/v0/apps/:id/revisions',
  'POST /api/v0/builds',
  'POST /api/v0/builds/:id/manifest',
  'POST /api/v0/builds/:id/icon',
  'POST /api/v0/builds/:id/code',
  'POST /api/v0/builds/:id/unchanged',
  'GET /api/v0/builds',
  'GET /api/v0/builds/:id',
  'GET /api/v0/builds/:id/logs',
  'GET /api/v0/builds/:id/sbom',
  'GET /api/v0/builds/:id/audit',
  'GET /api/v0/promotions',
  'GET /api/v0/promotions/:id',
  'GET /api/v0/promotions/:id/logs',
  'GET /api/v0/installations',
  'GET /api/v0/installations/:id',
  'GET /api/v0/installations/:id/logs',
  'GET /api/v0/instances',
  'GET /api/v0/instances/:id',
]

/** The calls other than GET that accept a token of scope `read`. */
const READ_BY_OTHER_METHODS = ['DELETE /api/v0/access-tokens/:id', 'POST /api/v0/access/explain']

/** What apps store may hold their secrets, so a token of scope `read` reads none of it. */
const DATA_OF_APPS = [
  'GET /api/v0/collections/:id/export',
  'GET /api/v0/collections/:id/base/item',
  'GET /api/v0/collections/:id/drive/files',
  'GET /api/v0/collections/:id/drive/file',
]

let platform: TestApi
let owner: Owner
const tokens = { all: '', push: '', read: '' }
const create = (scope: keyof typeof tokens) =>
  json<{ id: string; value: string; scope: string }>(
    platform.call('POST', '/api/v0/access-tokens', {
      cookie: owner.cookie,
      from: FROM.home,
      body: { name: scope, scope },
    }),
  )
beforeAll(async () => {
  platform = await openTestApi()
  owner = await setUp(platform)
  for (const scope of ['all', 'push', 'read'] as const) tokens[scope] = (await create(scope)).value
})
afterAll(() => platform[Symbol.asyncDispose]())

const rows = CALLS.filter(({ auth }) => auth === 'user').map(
  (spec) => [nameOf(spec), spec.method, spec.path.replace(/:\w+/g, 'x')] as const,
)

describe.each(rows)('%s', (name, method, path) => {
  const refusalOf = async (token: string) => {
    const answer = await platform.call(method, path, { token })
    const { detail = '' } = (await answer.json().catch(() => ({}))) as { detail?: string }
    return answer.status === 403 && detail.startsWith('This access token may only')
  }

  test('is refused to a token that only pushes, or listed', async () => {
    // Deleting another token is refused by the row itself.
    const isListed = PUSH.includes(name) && method !== 'DELETE'
    expect(await refusalOf(tokens.push)).toBe(!isListed)
  })

  test('is refused to a token that only reads, unless it reads', async () => {
    const isReading =
      (method === 'GET' && !DATA_OF_APPS.includes(name)) ||
      (READ_BY_OTHER_METHODS.includes(name) && method !== 'DELETE')
    expect(await refusalOf(tokens.read)).toBe(!isReading)
  })

  test('is open to a token with all rights', async () => {
    expect(await refusalOf(tokens.all)).toBe(false)
  })
})

describe('at Home', () => {
  // The walk above has ended all sessions.
  beforeAll(async () => {
    const cookie = cookieOf(await platform.call('POST', '/api/v0/session', { body: OWNER }))
    owner = { ...owner, cookie }
  })

  test('every token may end itself and, without all rights, no other', async () => {
    const [mine, other] = [await create('push'), await create('read')]
    const remove = (id: string) =>
      platform.call('DELETE', `/api/v0/access-tokens/${id}`, { token: mine.value })
    expect([(await remove(other.id)).status, (await remove(mine.id)).status]).toEqual([403, 204])
    expect((await remove(mine.id)).status).toBe(401)
  })

  test('a scope that does not exist is refused', async () => {
    const answer = await platform.call('POST', '/api/v0/access-tokens', {
      cookie: owner.cookie,
      from: FROM.home,
      body: { name: 'x', scope: 'everything' },
    })
    expect(answer.status).toBe(400)
  })

  test('the page that approves a log-in shows where it came from, to a person only', async () => {
    const login = await json<{ user_code: string }>(
      platform.call('POST', '/api/v0/cli-logins', {
        body: { name: 'a \u202e stranger', scope: 'read' },
        headers: { 'X-Space-Gateway-Client': '198.51.100.7' },
      }),
    )
    const path = `/api/v0/cli-logins?user_code=${login.user_code}`
    const look = (client: string) =>
      json<Record<string, unknown>>(
        platform.call('GET', path, {
          cookie: owner.cookie,
          from: FROM.home,
          headers: { 'X-Space-Gateway-Client': client },
        }),
      )
    const expected = { name: 'a stranger', scope: 'read', client: '198.51.100.7' }
    expect(await look('::ffff:198.51.100.7')).toMatchObject({ ...expected, network: 'same' })
    expect(await look('198.51.100.8')).toMatchObject({ ...expected, network: 'other' })
    expect((await platform.call('GET', path, { token: tokens.all })).status).toBe(403)
  })
})
