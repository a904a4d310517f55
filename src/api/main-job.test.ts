import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../kernel/ids.ts'
import { pushApp } from './testing/push-app.ts'
import {
  FROM,
  OWNER,
  type Owner,
  SETUP_CODE,
  SPACEFILE,
  type TestApi,
  cookieOf,
  json,
  openTestApi,
  setUp,
  setUpByScript,
  upload,
} from './testing/test-api.ts'

let platform: TestApi
beforeEach(async () => {
  platform = await openTestApi()
})
afterEach(() => platform[Symbol.asyncDispose]())

describe('set-up', () => {
  test('is open until there is an owner, and never again', async () => {
    expect(await json<object>(platform.call('GET', '/api/v0/status'))).toMatchObject({
      setup: 'needed',
      user: null,
    })
    const { cookie } = await setUpByScript(platform)
    const seen = await json<object>(platform.call('GET', '/api/v0/status', { cookie, from: FROM.home }))
    expect(seen).toMatchObject({ setup: 'done', user: { username: 'ada' } })
    const again = await platform.call('POST', '/api/v0/setup', {
      body: { code: SETUP_CODE, username: 'eve', password: 'correct horse battery' },
    })
    expect(again.status).toBe(409)
  })

  test('by a browser signs it in; by a script, which keeps no cookie, begins no session', async () => {
    const byBrowser = { code: SETUP_CODE, ...OWNER }
    const answer = await platform.call('POST', '/api/v0/setup', { body: byBrowser, from: FROM.home })
    expect([answer.status, cookieOf(answer)]).toEqual([201, expect.stringMatching(/^space_home=/)])
    await using scripted = await openTestApi()
    const byScript = { ...byBrowser, token_name: 'laptop' }
    const created = await scripted.call('POST', '/api/v0/setup', { body: byScript })
    const { access_token: token } = (await created.json()) as { access_token: string }
    expect([created.status, created.headers.getSetCookie()]).toEqual([201, []])
    const listed = await json<{ sessions: unknown[] }>(scripted.call('GET', '/api/v0/sessions', { token }))
    expect(listed.sessions).toEqual([])
  })

  test('requires the code from the terminal', async () => {
    const answer = await platform.call('POST', '/api/v0/setup', { body: { code: 'WRONG-ONE', ...OWNER } })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null])
  })

  test('cannot be done by a page elsewhere', async () => {
    const answer = await platform.call('POST', '/api/v0/setup', {
      from: FROM.sibling,
      body: { code: SETUP_CODE, ...OWNER },
    })
    expect(answer.status).toBe(403)
  })
})

describe('signing in', () => {
  test('accepts the right password only, and reveals nothing else to a stranger', async () => {
    await setUp(platform)
    const signIn = (username: string, password: string) =>
      platform.call('POST', '/api/v0/session', { body: { username, password } })
    const [wrong, unknown] = [await signIn('ada', 'wrong password'), await signIn('eve', 'wrong password')]
    expect([wrong.status, await wrong.text()]).toEqual([unknown.status, await unknown.text()])
    const right = await signIn(OWNER.username, OWNER.password)
    expect(right.status).toBe(201)
    const [session, device] = right.headers.getSetCookie()
    expect(session).toMatch(
      /^space_home=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Priority=High$/,
    )
    expect(device).toMatch(
      /^space_device=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Priority=High$/,
    )
  })

  test('works for the owner in a known browser, despite wrong passwords from the same address', async () => {
    await setUp(platform)
    const signIn = (password: string, cookie?: string) =>
      platform.call('POST', '/api/v0/session', { body: { ...OWNER, password }, cookie })
    const [, device] = (await signIn(OWNER.password)).headers.getSetCookie()
    for (let i = 0; i < 80; i++) await signIn('wrong password')
    expect((await signIn(OWNER.password)).status).toBe(429)
    expect((await signIn(OWNER.password, 'space_device=bWFkZSB1cA')).status).toBe(429)
    expect((await signIn(OWNER.password, device!.split(';')[0])).status).toBe(201)
  })

  test('cannot be done by a page elsewhere, into an account of its choice', async () => {
    await setUp(platform)
    const answer = await platform.call('POST', '/api/v0/session', { from: FROM.sibling, body: OWNER })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null])
  })

  test('out ends the session at once', async () => {
    const { cookie } = await setUp(platform)
    const out = await platform.call('DELETE', '/api/v0/session', { cookie, from: FROM.home })
    expect(out.status).toBe(204)
    expect((await platform.call('GET', '/api/v0/space', { cookie, from: FROM.home })).status).toBe(401)
  })
})

describe('a push', () => {
  let owner: Owner
  let appId: string
  const call = (method: string, path: string, body?: object) =>
    platform.call(method, `/api/v0${path}`, { token: owner.token, body })
  beforeEach(async () => {
    owner = await setUp(platform)
    appId = (await json<{ id: string }>(call('POST', '/apps', { name: 'My Notes', alias: '' }))).id
  })

  /** The official client's way through a push (COMPAT 3.5): each look-up comes right after the log before it ended. */
  async function followPush(buildId: string) {
    const log = await (await call('GET', `/builds/${buildId}/logs?follow=true`)).text()
    const build = await json<{ status: string; tag: string }>(call('GET', `/builds/${buildId}`))
    const { promotions } = await json<{ promotions: { id: string; channel: string }[] }>(
      call('GET', `/promotions?per_page=1&revision_id=${buildId}`),
    )
    if (!promotions[0]) return { log, build, promotions }
    await (await call('GET', `/promotions/${promotions[0].id}/logs?follow=true`)).text()
    const promotion = await json<{ status: string }>(call('GET', `/promotions/${promotions[0].id}`))
    const { installations } = await json<{ installations: { id: string; instance_id: string }[] }>(
      call('GET', `/installations?per_page=1&release_id=${promotions[0].id}`),
    )
    const installationLog = await (
      await call('GET', `/installations/${installations[0]!.id}/logs?follow=true`)
    ).text()
    const installation = await json<{ status: string }>(call('GET', `/installations/${installations[0]!.id}`))
    return { log, build, promotions, promotion, installations, installationLog, installation }
  }

  test('makes a private app with an address of its own', async () => {
    const { buildId, code } = await upload(platform, owner.token, { appId })
    expect(code.status).toBe(200)
    const push = await followPush(buildId)
    expect(push).toMatchObject({
      build: { status: 'complete' },
      promotions: [{ channel: 'development' }],
      promotion: { status: 'complete' },
      installation: { status: 'complete' },
    })
    expect(push.log).toContain(`Created revision: ${push.build.tag}\n`)
    const url = push.installationLog!.split('\n').find((line) => line.includes('http'))
    expect(url).toMatch(/^http:\/\/my-notes-[a-z0-9]{6}\.space\.localhost:7070$/)
    const { instances } = await json<{ instances: object[] }>(
      call('GET', `/instances?app_id=${appId}&channel=development&per_page=1`),
    )
    expect(instances).toMatchObject([
      {
        id: push.installations![0]!.instance_id,
        url,
        status: 'running',
        public_routes: [],
        api_keys_enabled: false,
      },
    ])
    expect(platform.published.at(-1)).toMatchObject({
      op: 'instance.put',
      instance: { hosts: [new URL(url!).hostname], micros: [{ name: 'web', publicRoutes: [] }] },
    })
  })

  test('is identified by its tag', async () => {
    await followPush((await upload(platform, owner.token, { appId, tag: 'v1' })).buildId)
    const again = await call('POST', '/builds', { app_id: appId, tag: 'v1' })
    expect(again.status).toBe(409)
    const { revisions } = await json<{ revisions: object[] }>(
      call('GET', `/apps/${appId}/revisions?per_page=5`),
    )
    expect(revisions).toMatchObject([{ tag: 'v1' }])
  })

  test('not made yet is a 404 for the original command, which would crash on an empty list', async () => {
    const path = `/api/v0/apps/${appId}/revisions?per_page=5`
    const ours = { cookie: owner.cookie, from: FROM.home }
    expect(await json<object>(platform.call('GET', path, ours))).toMatchObject({ revisions: [] })
    const body = Buffer.from(JSON.stringify({ id: appId })).toString('base64')
    const theirs = await platform.call('GET', path, { ...ours, headers: { 'X-Space-Gateway-Body': body } })
    expect([theirs.status, await theirs.json()]).toEqual([
      404,
      expect.objectContaining({ detail: 'There is no revision yet: run space push first' }),
    ])
  })

  test('that fails leaves the serving revision, and says why', async () => {
    await followPush((await upload(platform, owner.token, { appId, tag: 'good' })).buildId)
    const told = platform.published.length
    const files = { 'elsewhere/index.html': 'x' }
    const push = await followPush((await upload(platform, owner.token, { appId, tag: 'bad', files })).buildId)
    expect(push).toMatchObject({ build: { status: 'failed' }, promotions: [] })
    expect(push.log).toContain('`site`')
    const { instances } = await json<{ instances: object[] }>(call('GET', '/instances'))
    expect(instances).toMatchObject([{ revision_tag: 'good', status: 'running' }])
    // The build had a data key of its own.
    const changes = platform.published.slice(told).map(({ op }) => op)
    expect(changes).toEqual(['dataKey.put', 'dataKey.delete'])
  })

  test('with a Spacefile that has errors is refused with the line', async () => {
    const spacefile = `${SPACEFILE}    public_route: ["/*"]\n`
    const { id } = await json<{ id: string }>(call('POST', '/builds', { app_id: appId }))
    const answer = await platform.call('POST', `/api/v0/builds/${id}/manifest`, {
      token: owner.token,
      body: spacefile,
    })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { detail: string }).detail).toContain('Spacefile:7:')
  })

  test('takes its code once, after its Spacefile', async () => {
    const { id } = await json<{ id: string }>(call('POST', '/builds', { app_id: appId }))
    const early = await platform.call('POST', `/api/v0/builds/${id}/code`, {
      token: owner.token,
      body: 'zip',
    })
    expect(early.status).toBe(409)
    const { buildId } = await upload(platform, owner.token, { appId })
    const late = await platform.call('POST', `/api/v0/builds/${buildId}/code`, {
      token: owner.token,
      body: 'zip',
    })
    expect(late.status).toBe(409)
    await followPush(buildId)
  })

  test('leaves no partial upload behind', async () => {
    const { buildId } = await upload(platform, owner.token, { appId })
    await platform.call('POST', `/api/v0/builds/${buildId}/code`, {
      token: 'abcdefgh_wrong',
      body: 'x'.repeat(1000),
    })
    await followPush(buildId)
    expect(readdirSync(join(platform.folder, 'uploads'))).toEqual([buildId])
  })
})

describe('API keys', () => {
  test('are shown once, and a deleted one is withdrawn before the answer', async () => {
    const owner = await setUp(platform)
    const call = (method: string, path: string, body?: object) =>
      platform.call(method, `/api/v0${path}`, { cookie: owner.cookie, from: FROM.home, body })
    const { instanceId: id } = await pushApp(platform, owner, 'notes')
    const key = await json<{ id: string; value: string }>(
      call('POST', `/instances/${id}/api_keys`, { name: 'phone' }),
    )
    expect(platform.published.at(-1)).toMatchObject({ op: 'key.put', key: { digest: digestOf(key.value) } })
    const list = await (await call('GET', `/instances/${id}/api_keys`)).text()
    expect([list.includes(key.id), list.includes(key.value)]).toEqual([true, false])
    expect((await call('DELETE', `/instances/${id}/api_keys/${key.id}`)).status).toBe(204)
    expect(platform.published.at(-1)).toEqual({ op: 'key.delete', id: key.id })
    expect((await call('DELETE', `/instances/${id}/api_keys/${key.id}`)).status).toBe(404)
  })
})

test('a token of the command line expires without use, and each use extends it', async () => {
  const day = 86_400_000
  await using short = await openTestApi({ cliTokenIdleMs: 30 * day })
  const { token } = await setUpByScript(short)
  const ask = async () => (await short.call('GET', '/api/v0/space', { token })).status
  for (let use = 0; use < 3; use++) {
    short.clock.nowMs += 29 * day
    expect(await ask()).toBe(200)
  }
  short.clock.nowMs += 31 * day
  expect(await ask()).toBe(401)
})

test('the command line gets its token once, after a person at Home has said yes', async () => {
  const owner = await setUp(platform)
  const login = await json<{ id: string; poll_token: string; user_code: string; url: string }>(
    platform.call('POST', '/api/v0/cli-logins', { body: { name: 'laptop' } }),
  )
  // The URL has no code: a person who follows a stranger's link cannot approve with a click.
  expect(login.url).toBe('http://space.localhost:7070/cli')
  const poll = (poll_token: string) =>
    json<{ status: string; access_token?: string }>(
      platform.call('POST', `/api/v0/cli-logins/${login.id}/poll`, { body: { poll_token } }),
    )
  const approve = (options: object) =>
    platform.call('POST', `/api/v0/cli-logins/${login.id}/approve`, {
      body: { user_code: login.user_code },
      ...options,
    })
  expect(await poll(login.poll_token)).toEqual({ status: 'pending' })
  expect((await approve({ token: owner.token })).status).toBe(403)
  expect((await approve({ cookie: owner.cookie, from: FROM.sibling })).status).toBe(401)
  expect((await approve({ cookie: owner.cookie, from: FROM.home })).status).toBe(204)
  expect(await poll('another')).toEqual({ status: 'expired' })
  const { access_token } = await poll(login.poll_token)
  expect(access_token).toMatch(/^\w{8}_\w{32}$/)
  expect((await poll(login.poll_token)).access_token).toBeUndefined()
  expect((await platform.call('GET', '/api/v0/space', { token: access_token })).status).toBe(200)
})
