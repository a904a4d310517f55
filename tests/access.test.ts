/** Who gets in, changed while an app runs: over a real server, asserting what the app received. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { until } from '../src/kernel/testing/until.ts'
import {
  type Lab,
  enterApp,
  head,
  signInAtHome,
  startLab,
  statusesOf,
  forgetEarlierRequests,
} from './attacks/support/attack-harness.ts'

let lab: Lab
beforeAll(async () => void (lab = await startLab()))
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

const instance = () => `/instances/${lab.app.instance_id}`
const statusOf = async (target: string, ...fields: string[]) =>
  statusesOf(await lab.get(target, ...fields))[0]
const override = async (overrides: object[]) => {
  const answer = await lab.home('PUT', `${instance()}/access/overrides`, { overrides })
  expect(answer.status).toBe(200)
}

interface Key {
  readonly id: string
  readonly value: string
}
async function createKey(scope: object = {}): Promise<Key> {
  const answer = await lab.home('POST', `${instance()}/api_keys`, { name: 'phone', ...scope })
  expect(answer.status).toBe(201)
  return (await answer.json()) as Key
}
const withKey = ({ value }: Key, target: string, method = 'GET') =>
  lab
    .send(
      head(
        `${method} ${target} HTTP/1.1`,
        `Host: ${lab.host}`,
        `X-Space-App-Key: ${value}`,
        'Content-Length: 0',
        'Connection: close',
      ),
    )
    .then((answer) => statusesOf(answer)[0])

/** An open stream that was allowed. */
async function openStream(target: string, ...fields: string[]) {
  const client = await lab.connect()
  client.send(head(`GET ${target}?stream HTTP/1.1`, `Host: ${lab.host}`, ...fields))
  await client.untilReceived('data: one')
  return client
}

describe('a rule that the owner closes', () => {
  const CLOSED = [{ micro: 'web', kind: 'close', pattern: '/public/*' }]

  afterEach(() => override([]))

  test('is closed for the next request, and for the stream that it had let in', async () => {
    using stream = await openStream('/public/live')
    using other = await openStream('/@ada')
    await lab.received()
    await override(CLOSED)
    expect(await statusOf('/public/page')).toBe(401)
    await stream.untilEnd()
    expect(await lab.received()).toEqual([])
    expect([other.isEnded, await statusOf('/@ada')]).toEqual([false, 200])
  })

  test('stays closed over an update', async () => {
    await override(CLOSED)
    await lab.space.push(`${lab.space.folder}/recorder`)
    expect(await statusOf('/public/page')).toBe(401)
  })

  test('is open again when the owner says so', async () => {
    await override(CLOSED)
    expect(await statusOf('/public/page')).toBe(401)
    await override([])
    expect(await statusOf('/public/page')).toBe(200)
  })
})

test('a private pattern of the owner also closes equivalent paths', async () => {
  await override([{ micro: 'web', kind: 'private', pattern: '/public/drafts' }])
  await lab.received()
  for (const path of ['/public/drafts', '/public/DRAFTS', '/public/drafts/', '/public/drafts.html'])
    expect([path, await statusOf(path)]).toEqual([path, 401])
  expect(await lab.received()).toEqual([])
  expect(await statusOf('/public/page')).toBe(200)
  await override([])
})

describe('a key', () => {
  test('works within its scope only', async () => {
    const key = await createKey({ micros: ['api'], methods: ['GET'], paths: ['/notes/*'] })
    await lab.received()
    expect(await withKey(key, '/api/notes/1')).toBe(200)
    expect((await lab.received()).length).toBe(1)
    for (const [target, method] of [
      ['/api/notes/1', 'POST'],
      ['/api/notes', 'GET'],
      ['/api/notes/%2e%2e/x', 'GET'],
      ['/api//notes/1', 'GET'],
      ['/notes/1', 'GET'],
    ] as const)
      expect([target, [400, 401].includes((await withKey(key, target, method)) ?? 0)]).toEqual([target, true])
    expect(await lab.received()).toEqual([])
  })

  test('is allowed as many requests as its owner has set', async () => {
    const key = await createKey({ per_minute: 2 })
    const statuses: unknown[] = []
    for (let i = 0; i < 3; i++) statuses.push(await withKey(key, '/api/x'))
    expect(statuses).toEqual([200, 200, 429])
  })

  test('works beside its successor until the overlap ends', async () => {
    const old = await createKey()
    const rotate = (id: string, overlap_seconds: number) =>
      lab.home('POST', `${instance()}/api_keys/${id}/rotate`, { overlap_seconds })
    const fresh = (await (await rotate(old.id, 600)).json()) as Key
    expect([await withKey(old, '/api/x'), await withKey(fresh, '/api/x')]).toEqual([200, 200])
    using stream = await openStream('/api/live', `X-Space-App-Key: ${fresh.value}`)
    const last = (await (await rotate(fresh.id, 0)).json()) as Key
    expect([await withKey(fresh, '/api/x'), await withKey(last, '/api/x')]).toEqual([401, 200])
    await stream.untilEnd()
  })
})

describe('a refusal', () => {
  const refusalIn = (answer: string) => /"refusal":"([^"]+)"/.exec(answer)![1]!

  test('is explained to the owner, whichever gateway refused', async () => {
    const id = refusalIn(await lab.get('/admin?token=secret'))
    const explanation = (await (await lab.home('GET', `/refusals/${id}`)).json()) as { url: string }
    expect(explanation).toMatchObject({
      refusal_id: id,
      url: `http://${lab.host}/admin`,
      micro: 'web',
      reason: 'no-credential',
    })
  })

  test('is unknown to a stranger', async () => {
    const id = refusalIn(await lab.get('/admin'))
    expect((await lab.server.request(lab.homeHost, `/api/v0/refusals/${id}`)).status).toBe(401)
  })
})

test('each use of a route and a key is counted', async () => {
  const surface = async () =>
    (await (await lab.home('GET', `${instance()}/access`)).json()) as {
      routes: { pattern: string; uses: number }[]
    }
  const usesOf = async () => (await surface()).routes.find(({ pattern }) => pattern === '/@*')!.uses
  const key = await createKey()
  const usesBefore = await usesOf()
  expect([await statusOf('/@ada'), await withKey(key, '/api/notes')]).toEqual([200, 200])
  const usesOfKey = async () => {
    const listed = await (await lab.home('GET', `${instance()}/api_keys`)).json()
    return (listed as { keys: (Key & { uses: number })[] }).keys.find(({ id }) => id === key.id)!.uses
  }
  // Gateways report every few seconds.
  await until('uses of the route are counted', async () => (await usesOf()) > usesBefore)
  await until('uses of the key are counted', async () => (await usesOfKey()) > 0)
})

describe('the principal', () => {
  test('is signed for the micro with its own key, and is never taken from the client', async () => {
    await lab.get(
      '/secret?a=b',
      `Cookie: ${lab.cookie}`,
      'X-Space-Identity: forged',
      'x_space_identity: forged',
    )
    const answer = await lab.server.request(lab.host, '/recorded', { headers: { Cookie: lab.cookie } })
    const { received, identityKey } = (await answer.json()) as { received: string[]; identityKey: string }
    const lines = received
      .at(-1)!
      .match(/^x[-_]space[-_]identity:.*$/gim)!
      .map((line) => line.trim())
    expect(lines).toEqual([expect.stringMatching(/^X-Space-Identity: v1\.[\w-]+\.[\w-]+$/)])
    const [version, payload = '', signature] = lines[0]!.split(' ')[1]!.split('.')
    const hmac = createHmac('sha256', Buffer.from(identityKey, 'base64url')).update(`${version}.${payload}`)
    expect(signature).toBe(hmac.digest('base64url'))
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      instance: lab.app.instance_id,
      micro: 'web',
      principal: expect.stringMatching(/^user:usr_/),
      method: 'GET',
      path: '/secret',
    })
  })
})

describe('a session', () => {
  test('that another device ends is invalid for the next request, and its stream closes', async () => {
    const home = await signInAtHome(lab.server, lab.homeHost)
    const cookie = await enterApp(lab.server, lab.host, home)
    using stream = await openStream('/live', `Cookie: ${cookie}`)
    expect((await lab.home('DELETE', '/sessions')).status).toBe(204)
    expect(await statusOf('/secret', `Cookie: ${cookie}`)).toBe(401)
    await stream.untilEnd()
    expect(await statusOf('/secret', `Cookie: ${lab.cookie}`)).toBe(200)
  })
})

test('a rotated DETA_API_KEY is refused, and the app has the new one', async () => {
  // Not the app of the other tests: they use its first key.
  const app = await lab.pushAnother('rotated')
  const { host } = new URL(app.url)
  const cookie = await enterApp(lab.server, host, lab.homeCookie)
  const keyOf = async () => {
    const recorded = await lab.server.request(host, '/recorded', { headers: { Cookie: cookie } })
    return ((await recorded.json()) as { internalKey: string }).internalKey
  }
  const ask = (key: string) => lab.server.request(host, '/recorded', { headers: { 'X-API-Key': key } })
  const old = await keyOf()
  expect((await ask(old)).status).toBe(200)
  expect((await lab.home('POST', `/instances/${app.instance_id}/internal_key/rotate`)).status).toBe(204)
  expect((await ask(old)).status).toBe(401)
  expect((await ask(await keyOf())).status).toBe(200)
})
