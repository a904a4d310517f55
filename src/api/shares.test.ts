/** Limits that strangers cannot use up for other people. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { HOME, json, type Owner, sign, type TestApi, openWithOwner } from './testing/test-api.ts'

let platform: TestApi
let owner: Owner
beforeAll(async () => void ({ platform, owner } = await openWithOwner()))
afterAll(() => platform[Symbol.asyncDispose]())

const from = (client: string) => ({ 'X-Space-Gateway-Client': client })
const begin = (client: string) =>
  platform.call('POST', '/api/v0/cli-logins', { body: { name: 'x' }, headers: from(client) })
const poll = (id: string) =>
  platform.call('POST', `/api/v0/cli-logins/${id}/poll`, {
    body: { poll_token: 'x' },
    headers: from('192.0.2.1'),
  })

test('a network over the limit gets a Retry-After, whichever of its addresses it uses', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 40; i++) statuses.push((await begin(`2001:db8:0:7::${i.toString(16)}`)).status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(10)
  expect((await begin('2001:db8:0:7:1::')).headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await begin('2001:db8:0:8::1')).status).toBe(201)
})

test('polls of one log-in do not count against another one in the same network', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 130; i++) statuses.push((await poll('cli_one')).status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  expect((await poll('cli_two')).status).toBe(200)
})

test('calls of strangers do not count against a person in the same network', async () => {
  const build = (call: object) =>
    platform.call('POST', '/api/v0/builds', { body: { app_id: 'x' }, headers: from('192.0.2.1'), ...call })
  for (let i = 0; i < 100; i++) expect((await build({})).status).toBe(401)
  expect((await build({ token: owner.token })).status).toBe(404)
})

test('endless uploads of one token leave slots for other tokens', async () => {
  const other = await json<{ value: string }>(
    platform.call('POST', '/api/v0/access-tokens', {
      cookie: owner.cookie,
      from: { 'Sec-Fetch-Site': 'same-origin', Origin: HOME },
      body: { name: 'other' },
    }),
  )
  const endings: (() => void)[] = []
  const upload = (token: string) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void endings.push(() => controller.close()),
    })
    const path = '/api/v0/builds/x/code'
    const headers = new Headers({ 'Content-Type': 'application/zip' })
    sign(headers, { method: 'POST', path, body: '', token, nowMs: platform.clock.nowMs })
    return platform.fetch(new Request(HOME + path, { method: 'POST', headers, body }))
  }
  const held = Array.from({ length: 4 }, () => upload(owner.token))
  const tooMany = await upload(owner.token)
  const theirs = upload(other.value)
  for (const end of endings) end()
  expect(tooMany.status).toBe(503)
  expect((await theirs).status).toBe(404)
  expect(await Promise.all(held.map(async (answer) => (await answer).status))).toEqual([404, 404, 404, 404])
})
