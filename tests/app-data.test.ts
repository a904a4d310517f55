/** An app keeps data: over its key in the sandbox, from its pages, and while parts of the server are gone. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { enterApp, signInAtHome } from './attacks/support/attack-harness.ts'
import { until } from '../src/kernel/testing/until.ts'
import { serverProcesses } from './support/processes.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

let my: TestSpace
let app: Pushed
let session: string
beforeAll(async () => {
  my = await startTestSpace({ args: ['--hang-after', '3s'] })
  app = await my.push(await my.copyApp('tests/fixtures/keeps'))
  const home = await signInAtHome(my.server, `space.localhost:${my.server.port}`)
  session = await enterApp(my.server, host(), home)
})
afterAll(async () => await my?.[Symbol.asyncDispose]())

const host = () => new URL(app.url).host
const asApp = async (name: string) => (await my.server.request(host(), `/open/${name}`)).json()
const page = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  my.server.request(host(), `/__space/v0/drive/v1/dummy/notes${path}`, {
    ...init,
    headers: { 'X-API-Key': 'dummy', ...headers },
  })
const onDataHost = (key: string) =>
  my.server.request('drive.space.localhost', '/v1/some/notes/files', { headers: { 'X-API-Key': key } })
const LIMIT = { withinMs: 60_000 }

test('an app stores a document and a file with the key it was started with, and reads them', async () => {
  expect(await asApp('first')).toEqual([207, 201, 'stored as first', 'stored as first'])
})

describe('a page of the app', () => {
  test('reads and writes the same data with its session', async () => {
    const cookie = { Cookie: session, Origin: `http://${host()}` }
    expect(await (await page('/files/download?name=first', cookie)).text()).toBe('stored as first')
    const stored = await page('/files?name=second', cookie, { method: 'POST', body: 'by a page' })
    expect(stored.status).toBe(201)
    expect(await (await page('/files', cookie)).json()).toEqual({ names: ['first', 'second'] })
  })

  test.each([
    ['a stranger', {}],
    ['a page of another app', { Origin: 'http://evil.space.localhost' }],
  ] as const)('is not %s, although a route is public', async (_, headers) => {
    const cookie: Record<string, string> = 'Origin' in headers ? { Cookie: session } : {}
    const refused = await page('/files?name=third', { ...headers, ...cookie }, { method: 'POST', body: 'x' })
    expect([refused.status, refused.headers.get('server')]).toEqual([401, 'Deta-Ownspace'])
    expect(await refused.json()).toEqual({ errors: ['Unauthorized'] })
  })
})

test('the data hosts are there for keys alone', async () => {
  expect((await onDataHost('some_secret')).status).toBe(401)
  const withSession = await my.server.request('drive.space.localhost', '/v1/dummy/notes/files', {
    headers: { Cookie: session, 'X-API-Key': 'dummy' },
  })
  expect(withSession.status).toBe(401)
})

describe('the data process', () => {
  test.each(['SIGKILL', 'SIGSTOP'] as const)('comes back after %s, and nothing else ends', async (signal) => {
    const [before] = serverProcesses(my.server, 'data')
    const others = ['platform', 'gateway'].map((role) => serverProcesses(my.server, role as 'platform'))
    process.kill(before!, signal)
    if (signal === 'SIGKILL') {
      const answers = new Set<string>()
      await until(
        'it is missed',
        async () => {
          const answer = await onDataHost('some_secret')
          answers.add(
            `${answer.status} ${answer.headers.get('retry-after')} ${answer.headers.get('content-type')}`,
          )
          return answers.has('503 1 application/json')
        },
        LIMIT,
      )
    }
    expect((await my.server.request('localhost', '/')).status).toBe(200)
    await until(
      'another one serves',
      async () =>
        serverProcesses(my.server, 'data').some((pid) => pid !== before) &&
        (await onDataHost('some_secret')).status === 401,
      LIMIT,
    )
    expect(await asApp(`after-${signal}`)).toEqual([
      207,
      201,
      `stored as after-${signal}`,
      `stored as after-${signal}`,
    ])
    expect(['platform', 'gateway'].map((role) => serverProcesses(my.server, role as 'platform'))).toEqual(
      others,
    )
    expect(serverProcesses(my.server, 'data')).not.toContain(before)
  })

  test('serves while the platform is gone', async () => {
    const [platform] = serverProcesses(my.server, 'platform')
    process.kill(platform!, 'SIGSTOP')
    expect(await (await page('/files/download?name=first', { Cookie: session })).text()).toBe(
      'stored as first',
    )
    process.kill(platform!, 'SIGKILL')
    await until(
      'the platform is back',
      async () => (await my.server.request('localhost', '/')).status === 200,
      LIMIT,
    )
    await until('the app answers', async () => (await asApp('again'))[0] === 207, LIMIT)
  })
})

test('the files of a deleted app are gone', async () => {
  const folders = () => readdirSync(join(my.server.dataDir, 'collections'))
  expect(folders().length).toBe(1)
  const deleted = await my.run(['delete', host().split('.')[0]!, '--yes', '--delete-data'])
  expect(deleted).toMatchObject({ exitCode: 0 })
  await until('the folder is gone', () => folders().length === 0, LIMIT)
  expect((await page('/files', { Cookie: session })).status).toBe(404)
})
