/** Limits that the operator has changed replace the defaults. */
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { pushApp } from './testing/push-app.ts'
import { type Owner, type TestApi, json, openWithOwner } from './testing/test-api.ts'

let platform: TestApi
let owner: Owner
const bounds = { archiveBytes: 2_000, iconBytes: 500, domainsPerInstance: 1 }
beforeEach(async () => void ({ platform, owner } = await openWithOwner({ bounds })))
afterEach(() => platform[Symbol.asyncDispose]())

const post = (path: string, body: object | Uint8Array) =>
  platform.call('POST', `/api/v0${path}`, { token: owner.token, body })

test('clients can read the upload limit', async () => {
  expect(await json<object>(platform.call('GET', '/api/v0/status'))).toMatchObject({
    max_upload_bytes: 2_000,
  })
})

test.each([
  ['code', 2_001],
  ['icon', 501],
])('%s of %i octets is refused', async (part, bytes) => {
  const app = await json<{ id: string }>(post('/apps', { name: 'big' }))
  const build = await json<{ id: string }>(post('/builds', { app_id: app.id }))
  expect((await post(`/builds/${build.id}/${part}`, new Uint8Array(bytes))).status).toBe(413)
})

test('a second domain is refused where there may be one', async () => {
  const { instanceId } = await pushApp(platform, owner, 'notes')
  const add = (name: string) => post(`/instances/${instanceId}/domains`, { name })
  expect((await add('one.example.org')).status).toBe(201)
  const second = await add('two.example.org')
  expect([second.status, await second.text()]).toEqual([409, expect.stringContaining('1 domains at most')])
})
