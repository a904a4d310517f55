import { afterEach, beforeEach, expect, test } from 'bun:test'
import type { DataKeyEntry } from '../directory/index.ts'
import { type Pushed, openWithApp } from './testing/push-app.ts'
import { type Owner, SPACEFILE, type TestApi, json } from './testing/test-api.ts'

let platform: TestApi
let owner: Owner
let app: Pushed
beforeEach(async () => void ({ platform, owner, app } = await openWithApp(SPACEFILE)))
afterEach(() => platform[Symbol.asyncDispose]())

const LIMITS = { read_only: true, bases: ['articles'], drives: null, needs_identity: false }
const path = () => `/api/v0/instances/${app.instanceId}/access/data`
const read = () => json(platform.call('GET', path(), { token: owner.token }))
const set = (limits: unknown) => platform.call('PUT', path(), { token: owner.token, body: { limits } })
/** What the data process last learned of the app's key. */
const published = (): DataKeyEntry =>
  (platform.published.findLast(({ op }) => op === 'dataKey.put') as { key: DataKeyEntry }).key

test('the data of an app is limited for strangers, and no longer', async () => {
  expect(await read()).toEqual({ limits: null })
  expect((await set(LIMITS)).status).toBe(200)
  expect(await read()).toEqual({ limits: LIMITS })
  expect(published()).toMatchObject({
    mayWrite: true,
    bases: null,
    strangers: { instanceId: app.instanceId, mayWrite: false, bases: ['articles'], drives: null },
  })
  await set(null)
  expect(await read()).toEqual({ limits: null })
  expect(published().strangers).toBeNull()
})

test('the limits hold for the key that replaces the one of the app, and for no key of a person', async () => {
  await set(LIMITS)
  const before = published().id
  const rotated = await platform.call('POST', `/api/v0/instances/${app.instanceId}/data_key/rotate`, {
    token: owner.token,
  })
  expect(rotated.status).toBeLessThan(300)
  expect(published().id).not.toBe(before)
  expect(published().strangers).toMatchObject({ mayWrite: false })
  await platform.call('POST', `/api/v0/collections/${published().collectionId}/keys`, {
    token: owner.token,
    body: { name: 'mine' },
  })
  expect(published().strangers).toBeNull()
})
