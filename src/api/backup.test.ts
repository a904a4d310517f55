/** Who gets a backup of the whole server: its owner, who has just typed the password. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createUser } from '../people/users.ts'
import {
  type CallOptions,
  FROM,
  OWNER,
  type Owner,
  type TestApi,
  cookieOf,
  openTestApi,
  setUp,
} from './testing/test-api.ts'

const MEMBER = { username: 'bob', password: 'another long password', email: '' }

let platform: TestApi
let owner: Owner
let member: string
beforeAll(async () => {
  platform = await openTestApi()
  owner = await setUp(platform)
  await createUser(platform.db, MEMBER, 1)
  member = cookieOf(await platform.call('POST', '/api/v0/session', { body: MEMBER }))
})
afterAll(() => platform[Symbol.asyncDispose]())

const backUp = (password: unknown, options: CallOptions) =>
  platform.call('POST', '/api/v0/backup', { body: { password }, ...options })
const byOwner = (): CallOptions => ({ from: FROM.home, cookie: owner.cookie })

test('the owner with the password gets to the backup itself', async () => {
  // The database of these tests is not in the folder, which only then is said.
  for (const as of [byOwner(), { token: owner.token }]) {
    const answer = await backUp(OWNER.password, as)
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('pg_dump')])
  }
})

test.each([
  ['a wrong password', 'wrong', 403],
  ['the password of another person', MEMBER.password, 403],
  ['an empty password', '', 403],
  ['no password', undefined, 400],
] as const)('the owner with %s is refused', async (_, password, status) => {
  expect((await backUp(password, byOwner())).status).toBe(status)
})

test('another member is refused with any password', async () => {
  for (const password of [MEMBER.password, OWNER.password])
    expect((await backUp(password, { from: FROM.home, cookie: member })).status).toBe(403)
})

test('a page of another origin cannot ask for one', async () => {
  const answer = await backUp(OWNER.password, {
    cookie: owner.cookie,
    headers: { 'Sec-Fetch-Site': 'cross-site' },
  })
  expect(answer.status).not.toBe(409)
  expect(answer.ok).toBe(false)
})

test('passwords cannot be tried without end', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 30; n += 1) statuses.push((await backUp(`wrong ${n}`, byOwner())).status)
  expect(statuses).toContain(429)
})
