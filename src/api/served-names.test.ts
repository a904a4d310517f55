/** The sign-in page may show a host name from its address, which a stranger may have written, only if this server serves it. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { activateDomain } from '../domains/domain-store.ts'
import { addDomain } from '../domains/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { type Pushed, pushApp } from './testing/push-app.ts'
import { json, setUp, type TestApi, openTestApi } from './testing/test-api.ts'

let platform: TestApi
let app: Pushed
beforeAll(async () => {
  platform = await openTestApi()
  app = await pushApp(platform, await setUp(platform), 'notes')
})
afterAll(() => platform[Symbol.asyncDispose]())

const nameOf = async (host: string) =>
  (
    await json<{ name: string | null }>(
      platform.call('GET', `/api/v0/served-names?host=${encodeURIComponent(host)}`),
    )
  ).name

test('the host of an app is returned in our own spelling', async () => {
  const name = app.host.replace(/:\d+$/, '')
  expect(await nameOf(app.host)).toBe(name)
  expect(await nameOf(app.host.toUpperCase())).toBe(name)
})

test('a custom domain is returned once it is active', async () => {
  const domain = await addDomain(platform.db, {
    instanceId: app.instanceId as InstanceId,
    name: 'notes.example.org',
    assignAnyway: false,
    most: 5,
    nowMs: platform.clock.nowMs,
  })
  expect(await nameOf('notes.example.org')).toBeNull()
  await inCommit(platform.db, activateDomain, domain, { proof: 'dns', nowMs: platform.clock.nowMs })
  expect(await nameOf('notes.example.org')).toBe('notes.example.org')
})

test.each([
  'Your session has expired. Call +1 555 0100',
  'your-session-has-expired-call-555-0100.space.localhost',
  'space.localhost',
  'x.space.localhost',
  'example.org',
  'evil.example',
  '',
  '%',
  '\u202e',
  `${'x'.repeat(64)}.space.localhost`,
])('%j is not shown', async (host) => {
  expect(await nameOf(host)).toBeNull()
})
