/** ATTACKS H: whatever is missing, broken, killed or flooded, nothing opens. */
import { Glob } from 'bun'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestServer, freePort, startTestServer } from '../support/server.ts'
import {
  enterApp,
  head,
  type Lab,
  signInAtHome,
  startLab,
  statusesOf,
  forgetEarlierRequests,
} from './support/attack-harness.ts'
import { sendSigned, signatureOf } from './support/signed.ts'

describe('a platform that is killed', () => {
  let lab: Lab
  const status = (path: string, headers: Record<string, string> = {}) =>
    lab.server.request(lab.host, path, { headers }).then((answer) => answer.status)

  beforeAll(async () => void (lab = await startLab()))
  afterAll(async () => await lab?.[Symbol.asyncDispose]())
  forgetEarlierRequests(() => lab)

  test('takes no refusal with it: what was revoked stays so, while it is gone and when it is back', async () => {
    const keys = `/instances/${lab.app.instance_id}/api_keys`
    const revoked = (await (await lab.home('POST', keys, { name: 'revoked' })).json()) as {
      id: string
      value: string
    }
    const homeCookie = await signInAtHome(lab.server, lab.homeHost)
    const ended = await enterApp(lab.server, lab.host, homeCookie)
    const signOut = { method: 'DELETE', headers: { Cookie: homeCookie, Origin: `http://${lab.homeHost}` } }
    await lab.server.request(lab.homeHost, '/api/v0/session', signOut)
    await lab.home('DELETE', `${keys}/${revoked.id}`)
    const answer = await lab.home('POST', '/access-tokens', { name: 'replay' })
    const token = ((await answer.json()) as { value: string }).value
    const request = signatureOf(token, 'POST', '/apps', '{"name":"replayed"}')
    expect((await sendSigned(lab.server, request, '{"name":"replayed"}')).status).toBe(201)
    await lab.received()

    process.kill(await platformOf(lab.server), 'SIGKILL')
    let isBack = false
    for (let round = 0; round < 20 || !isBack; round++) {
      expect(await status('/admin')).toBeOneOf([401, 503])
      expect(await status('/admin', { Cookie: ended })).toBeOneOf([401, 503])
      expect(await status('/api/notes', { 'X-Space-App-Key': revoked.value })).toBeOneOf([401, 503])
      isBack = (await lab.server.request(lab.homeHost, '/api/v0/time')).status === 200
    }
    expect(await status('/admin', { Cookie: ended })).toBe(401)
    expect(await status('/api/notes', { 'X-Space-App-Key': revoked.value })).toBe(401)
    expect(await status('/admin')).toBe(401)
    expect((await lab.home('GET', '/status')).status).toBe(200)
    expect((await sendSigned(lab.server, request, '{"name":"replayed"}')).status).toBe(401)
  })

  test('comes back with everything that was right', async () => {
    expect(await status('/admin', { Cookie: lab.cookie })).toBe(200)
    expect(await status('/public/x')).toBe(200)
    expect(await lab.received()).toHaveLength(2)
    expect((await lab.home('GET', '/apps')).status).toBe(200)
  })
})

/** The platform process of this very server, by its data folder. */
async function platformOf(server: TestServer): Promise<number> {
  for (const path of new Glob('[0-9]*/cmdline').scanSync({ cwd: '/proc', onlyFiles: false })) {
    const command = await Bun.file(join('/proc', path))
      .text()
      .catch(() => '')
    const args = command.split('\0')
    if (args.includes('--role=platform') && args.includes(server.dataDir)) return Number(path.split('/')[0])
  }
  throw new Error('there is no platform process')
}

describe('a server with broken files does not start', () => {
  let whole: string
  beforeAll(async () => {
    whole = await mkdtemp(join(tmpdir(), 'ownspace-whole-'))
    const port = await freePort()
    await using server = await startTestServer({ dataDir: whole, port })
    await setUp(server, 'TEST-CODE', 'ada')
  })
  afterAll(async () => await rm(whole, { recursive: true, force: true }))

  test.each([
    ['an empty key', (data: string) => truncate(join(data, 'server.key'), 0)],
    ['half a key', (data: string) => truncate(join(data, 'server.key'), 16)],
    ['another key', (data: string) => writeFile(join(data, 'server.key'), Buffer.alloc(32, 7))],
    ['no key', (data: string) => rm(join(data, 'server.key'))],
    [
      'a folder as key',
      (data: string) =>
        rm(join(data, 'server.key')).then(() => cp(whole, join(data, 'server.key'), { recursive: true })),
    ],
    ['a database that is none', (data: string) => writeFile(join(data, 'ownspace.db'), 'x'.repeat(50_000))],
    ['half a database', (data: string) => truncate(join(data, 'ownspace.db'), 6_000)],
  ])('%s', async (_, breakIt) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ownspace-broken-'))
    await cp(whole, dataDir, { recursive: true })
    await breakIt(dataDir)
    const start = startTestServer({ dataDir, port: await freePort() })
    const message = await start.then(() => 'it runs').catch((error: Error) => error.message)
    expect(message).toMatch(/ended with [12] before it ran/)
    expect(message).not.toMatch(/TEST-CODE/)
    await rm(dataDir, { recursive: true, force: true })
  })
})

const setUp = (server: TestServer, code: string, username: string, headers: Record<string, string> = {}) =>
  server.request(`space.localhost:${server.port}`, '/api/v0/setup', {
    method: 'POST',
    body: JSON.stringify({ code, username, password: 'correct horse battery' }),
    headers: { 'Content-Type': 'application/json', ...headers },
  })

describe('set-up', () => {
  test('refuses a wrong code, and a page of another origin', async () => {
    await using server = await startTestServer()
    for (const code of ['', 'TEST-CODF'])
      expect([code, (await setUp(server, code, 'eve')).status]).toEqual([code, 401])
    const crossSite = { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await setUp(server, 'TEST-CODE', 'eve', crossSite)).status).toBe(403)
  })

  test('creates one owner, also when several requests arrive at the same instant', async () => {
    await using server = await startTestServer()
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, i) => setUp(server, 'TEST-CODE', `owner${i}`)),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect((await setUp(server, 'TEST-CODE', 'late')).status).toBe(409)
    expect(answers.filter((answer) => answer.headers.getSetCookie().length > 0)).toHaveLength(1)
  })
})

/** More than any app needs, and more than are looked at. */
const TEN_THOUSAND = `public_routes: [${Array.from({ length: 10_000 }, (_, i) => `"/${i}"`).join(', ')}]`

describe('what is too much, or not understood, is refused at the door', () => {
  let lab: Lab
  let build: string
  beforeAll(async () => {
    lab = await startLab()
    const app = (await (await lab.home('POST', '/apps', { name: 'Doubtful' })).json()) as { id: string }
    const made = await lab.home('POST', '/builds', { app_id: app.id })
    build = ((await made.json()) as { id: string }).id
  })
  afterAll(async () => await lab?.[Symbol.asyncDispose]())

  const upload = (path: string, body: string, headers: Record<string, string> = {}) =>
    lab.server.request(lab.homeHost, `/api/v0${path}`, {
      method: 'POST',
      body,
      headers: { Cookie: lab.homeCookie, Origin: `http://${lab.homeHost}`, ...headers },
    })

  test.each([
    ['public_routes: "/public/*"'],
    ['public_routes: [""]'],
    ['public_routes: ["public"]'],
    ['public_routes: null'],
    ['public_routes: {"/": true}'],
    ['public_routes: [["/*"]]'],
    ['public_routes: [1]'],
    ['public_routes: ["/(admin|x)"]'],
    ['public_routes: ["/a?x=1"]'],
    ['public_routes: ["/__space/*"]'],
    ['public_routes: ["/a/../b"]'],
    ['public_route: ["/*"]'],
    ['Public_Routes: ["/*"]'],
    ['public: "true"'],
    ['public: yes please'],
    [TEN_THOUSAND],
  ])('Spacefile %#', async (line) => {
    const spacefile = `v: 0\nmicros:\n  - name: web\n    src: .\n    engine: nodejs20\n    primary: true\n    ${line}\n`
    const answer = await upload(`/builds/${build}/manifest`, spacefile)
    const { errors = [] } = (await answer.json()) as { errors?: string[] }
    expect([line.slice(0, 40), answer.status]).toEqual([line.slice(0, 40), 400])
    expect(errors.join()).not.toBe('')
  })

  test.each(['__space', '__space/x', '../x', '/%5f_space', 'a/../__space', '//x'])(
    'a micro at %s',
    async (path) => {
      const primary = '  - name: web\n    src: .\n    engine: nodejs20\n    primary: true\n'
      const second = `  - name: api\n    src: .\n    engine: nodejs20\n    path: "${path}"\n`
      const answer = await upload(`/builds/${build}/manifest`, `v: 0\nmicros:\n${primary}${second}`)
      expect([path, answer.status]).toEqual([path, 400])
    },
  )

  test('bodies beyond their bound', async () => {
    const big = 'x'.repeat(1024 * 1024 + 1)
    expect((await upload(`/builds/${build}/manifest`, big)).status).toBe(413)
    expect((await upload(`/builds/${build}/icon`, big + big)).status).toBe(413)
    const asJson = { 'Content-Type': 'application/json' }
    expect((await upload('/apps', JSON.stringify({ name: big }), asJson)).status).toBe(413)
    expect((await upload('/session', JSON.stringify({ username: big }), asJson)).status).toBe(413)
  })

  test('an archive without a token does not use an upload slot', async () => {
    const thieves = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const client = await lab.connect()
        const { timestamp } = signatureOf('abcdefgh_x', 'POST', '/', '')
        client.send(
          head(
            `POST /api/v0/builds/${build}/code HTTP/1.1`,
            `Host: ${lab.homeHost}`,
            `X-Deta-Signature: v0=abcdefgh:${'0'.repeat(64)}`,
            `X-Deta-Timestamp: ${timestamp}`,
            'Content-Length: 200000000',
          ) + 'PK',
        )
        return client
      }),
    )
    for (const client of thieves) await client.untilReceived('HTTP/1.1 401')
    expect((await upload(`/builds/${build}/code`, 'no archive')).status).not.toBe(503)
    for (const client of thieves) client[Symbol.dispose]()
  })

  test('hundreds of connections that say nothing', async () => {
    const silent = await Promise.all(Array.from({ length: 300 }, () => lab.connect()))
    for (const client of silent) client.send('GET /admin HT')
    expect(statusesOf(await lab.get('/public/x'))).toEqual([200])
    expect(statusesOf(await lab.get('/admin'))).toEqual([401])
    for (const client of silent) client[Symbol.dispose]()
  })
})
