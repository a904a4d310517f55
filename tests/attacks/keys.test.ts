/** ATTACKS F: API keys, the app's own key, access tokens and log-ins from a terminal. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { until } from '../../src/kernel/testing/until.ts'
import {
  enterApp,
  head,
  type Lab,
  startLab,
  statusesOf,
  forgetEarlierRequests,
} from './support/attack-harness.ts'
import { sendSigned, signatureOf } from './support/signed.ts'

interface Key {
  readonly id: string
  readonly value: string
}

let lab: Lab
let keysPath: string
let key: Key
beforeAll(async () => {
  lab = await startLab()
  keysPath = `/instances/${lab.app.instance_id}/api_keys`
  key = await createKey()
})
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

async function createKey(scope: object = {}, path = keysPath): Promise<Key> {
  const answer = await lab.home('POST', path, { name: 'test', ...scope })
  expect(answer.status).toBe(201)
  return (await answer.json()) as Key
}

/** Status of a request with this key, and how many requests reached the app. */
async function ask(target: string, value: string, method = 'GET', ...fields: readonly string[]) {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${lab.host}`, `X-Space-App-Key: ${value}`, ...fields]
  const [status] = statusesOf(await lab.send(head(...lines, 'Connection: close')))
  return [status, (await lab.received()).length]
}

test('a key opens the micro that takes keys, and the app never sees it', async () => {
  const answer = await lab.get('/api/notes', `X-Space-App-Key: ${key.value}`, `X-API-Key: ${key.value}x`)
  expect(statusesOf(answer)).toEqual([200])
  const [raw = ''] = await lab.received()
  expect(raw).toContain(`X-Space-Principal: key:${key.id}\r\n`)
  expect(raw).not.toContain(`Key: ${key.value}\r\n`)
})

describe('what is nearly a key is refused', () => {
  test.each([
    ['one letter less', (value: string) => value.slice(0, -1)],
    ['one letter more', (value: string) => `${value}x`],
    ['upper case', (value: string) => value.toUpperCase()],
    ['lower case', (value: string) => value.toLowerCase()],
    ['the id alone', (value: string) => value.split('_')[0]!],
    ['the id with another secret', (value: string) => `${value.split('_')[0]}_${'A'.repeat(43)}`],
    ['the secret alone', (value: string) => value.split('_')[1]!],
    ['the prefix too', (value: string) => `key_${value}`],
    ['twice in a list', (value: string) => `${value}, ${value}`],
    ['quotes', (value: string) => `"${value}"`],
    ['a scheme', (value: string) => `Bearer ${value}`],
    ['encoded', (value: string) => value.replace('_', '%5F')],
    ['a NUL’s neighbour', (value: string) => `${value}\x80`],
    ['nothing', () => ''],
    ['thirty thousand letters', () => 'A'.repeat(30_000)],
    ['null', () => 'null'],
  ])('%s', async (_, valueOf) => {
    expect(await ask('/api/notes', valueOf(key.value))).toEqual([401, 0])
  })

  test('twice in two lines', async () => {
    expect(await ask('/api/notes', key.value, 'GET', `X-Space-App-Key: ${key.value}`)).toEqual([401, 0])
  })

  test('in another place', async () => {
    const fields = [
      `Authorization: Bearer ${key.value}`,
      `X_Space_App_Key: ${key.value}`,
      `X-API-Key: ${key.value}`,
      `Cookie: X-Space-App-Key=${key.value}; space_session=${key.value}`,
    ]
    expect(statusesOf(await lab.get(`/api/notes?X-Space-App-Key=${key.value}`, ...fields))).toEqual([401])
    expect(await lab.received()).toEqual([])
  })
})

describe('a key is limited to its scope', () => {
  test('not the micro that takes none, nor the platform, nor Home', async () => {
    expect(await ask('/admin', key.value)).toEqual([401, 0])
    expect((await ask('/__space/v0/base/x', key.value))[1]).toBe(0)
    const headers = { 'X-Space-App-Key': key.value }
    expect((await lab.server.request(lab.homeHost, '/api/v0/apps', { headers })).status).toBe(401)
  })

  test('not another app', async () => {
    const other = await lab.pushAnother('keyless')
    const { host } = new URL(other.url)
    for (const path of ['/api/notes', '/admin']) {
      const answer = await lab.server.request(host, path, { headers: { 'X-Space-App-Key': key.value } })
      expect([path, answer.status]).toEqual([path, 401])
      const own = await lab.server.request(host, path, { headers: { 'X-API-Key': lab.internalKey } })
      expect([path, own.status]).toEqual([path, 401])
    }
  })

  test('a wrong key is not helped by a right cookie', async () => {
    expect(await ask('/api/notes', 'wrong', 'GET', `Cookie: ${lab.cookie}`)).toEqual([401, 0])
    expect(await ask('/api/notes', 'wrong', 'GET', `X-API-Key: ${lab.internalKey}`)).toEqual([401, 0])
  })

  test('one for some methods refuses others, whatever a header says', async () => {
    const { value } = await createKey({ methods: ['GET'] })
    expect(await ask('/api/notes', value)).toEqual([200, 1])
    for (const method of ['POST', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'])
      expect([method, ...(await ask('/api/notes', value, method))]).toEqual([method, 401, 0])
    for (const name of [
      'X-HTTP-Method-Override',
      'X-HTTP-Method',
      'X_Method_Override',
      'x.http.method.override',
    ]) {
      await lab.get('/api/notes', `X-Space-App-Key: ${value}`, `${name}: DELETE`)
      expect((await lab.received()).join()).not.toContain('DELETE')
    }
  })

  test('one for some paths refuses other spellings of other paths', async () => {
    const { value } = await createKey({ paths: ['/notes/*'], micros: ['api'] })
    expect(await ask('/api/notes/1', value)).toEqual([200, 1])
    for (const path of [
      '/api/notes',
      '/api/admin',
      '/api/notes/../admin',
      '/api/notes/%2e%2e/admin',
      '/api/notes/..%2fadmin',
      '/api//notes/1',
      '/api/Notes/1',
      '/api/admin?/notes/1',
      '/api/%6eotes/1',
      '/notes/1',
    ]) {
      const [status, reached] = await ask(path, value)
      expect([path, [400, 401].includes(status!), reached]).toEqual([path, true, 0])
    }
  })

  test('one that has ended, or was rotated without overlap, is refused', async () => {
    // Long enough for a busy machine to create the key before it ends.
    const endsAt = Date.now() + 3_000
    const short = await createKey({ expires_at: new Date(endsAt).toISOString() })
    let last: (number | undefined)[] = []
    await until('the key is refused', async () => (last = await ask('/api/notes', short.value))[0] !== 200)
    expect([last, Date.now() >= endsAt]).toEqual([[401, 0], true])

    const old = await createKey()
    const answer = await lab.home('POST', `${keysPath}/${old.id}/rotate`, { overlap_seconds: 0 })
    const fresh = (await answer.json()) as Key
    expect(await ask('/api/notes', old.value)).toEqual([401, 0])
    expect(await ask('/api/notes', fresh.value)).toEqual([200, 1])
  })
})

test('the app’s own key that was replaced is refused by the next request', async () => {
  const app = await lab.pushAnother('replaced')
  const { host } = new URL(app.url)
  const cookie = await enterApp(lab.server, host, lab.homeCookie)
  const recorded = await lab.server.request(host, '/recorded', { headers: { Cookie: cookie } })
  const { internalKey } = (await recorded.json()) as { internalKey: string }
  const withKey = () => lab.server.request(host, '/admin', { headers: { 'X-API-Key': internalKey } })
  expect((await withKey()).status).toBe(200)
  const rotation = await lab.home('POST', `/instances/${app.instance_id}/internal_key/rotate`)
  expect(rotation.status).toBe(204)
  expect((await withKey()).status).toBe(401)
})

test('a deleted key is refused by the next request, and what it let in is cut', async () => {
  const doomed = await createKey()
  using stream = await lab.connect()
  stream.send(head('GET /api/notes?stream HTTP/1.1', `Host: ${lab.host}`, `X-Space-App-Key: ${doomed.value}`))
  await stream.untilReceived('data: one')
  using socket = await lab.connect()
  socket.send(
    head(
      'GET /api/notes HTTP/1.1',
      `Host: ${lab.host}`,
      `Origin: ${lab.app.url}`,
      `X-Space-App-Key: ${doomed.value}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
    ),
  )
  await socket.untilReceived('hello')
  await lab.received()
  expect((await lab.home('DELETE', `${keysPath}/${doomed.id}`)).status).toBe(204)
  expect(await ask('/api/notes', doomed.value)).toEqual([401, 0])
  await Promise.all([stream, socket].map((client) => client.until(({ isClosed }) => isClosed)))
  expect(stream.received).not.toContain('0\r\n\r\n')
})

describe('keys and tokens are made by a person at Home', () => {
  const anonymously = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    lab.server.request(lab.homeHost, `/api/v0${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    })

  test('not by a stranger who names one', async () => {
    for (const path of [keysPath, '/access-tokens', `${keysPath}/${key.id}/rotate`])
      for (const extra of [
        {},
        { user_id: 'usr_1', userId: 'usr_1', owner_id: 'usr_1', caller: { user: {} } },
      ])
        expect([path, (await anonymously('POST', path, { name: 'x', ...extra })).status]).toEqual([path, 401])
  })

  test('not by an app, with anything that an app has', async () => {
    const asApp = { Origin: lab.app.url, Cookie: lab.homeCookie, 'X-API-Key': lab.internalKey }
    expect((await anonymously('POST', keysPath, { name: 'x' }, asApp)).status).toBe(401)
    expect((await anonymously('POST', '/access-tokens', { name: 'x' }, asApp)).status).toBe(401)
    const noOrigin = { Cookie: lab.homeCookie }
    expect((await anonymously('POST', keysPath, { name: 'x' }, noOrigin)).status).toBe(401)
  })

  test('a list never shows a value', async () => {
    const keys = await (await lab.home('GET', keysPath)).text()
    expect(keys).not.toContain(key.value.split('_')[1]!)
    const made = await lab.home('POST', '/access-tokens', { name: 'seen once' })
    const { value } = (await made.json()) as Key
    expect(await (await lab.home('GET', '/access-tokens')).text()).not.toContain(value.split('_')[1]!)
  })

  test('a token that leaked cannot make itself a successor', async () => {
    const { value } = (await (await lab.home('POST', '/access-tokens', { name: 'leaked' })).json()) as Key
    expect((await signed(value, 'GET', '/access-tokens', '')).status).toBe(200)
    expect((await signed(value, 'POST', '/access-tokens', '{"name":"successor"}')).status).toBe(403)
    const login = await anonymously('POST', '/cli-logins', { name: 'thief' })
    const { id, user_code } = (await login.json()) as { id: string; user_code: string }
    const approve = await signed(value, 'POST', `/cli-logins/${id}/approve`, JSON.stringify({ user_code }))
    expect(approve.status).toBe(403)
  })
})

describe('a signed request', () => {
  const CALL = ['GET', '/apps'] as const
  let token: string
  beforeAll(async () => {
    token = ((await (await lab.home('POST', '/access-tokens', { name: 'signing' })).json()) as Key).value
  })

  test('is good for what was signed, and once when it is not from these two seconds', async () => {
    const body = '{"name":"once"}'
    const request = signatureOf(token, 'POST', '/apps', body, 60)
    expect((await sendSigned(lab.server, request, body)).status).toBe(201)
    expect((await sendSigned(lab.server, request, body)).status).toBe(401)
    expect((await sendSigned(lab.server, request, '{"name":"else"}')).status).toBe(401)
  })

  test('is good once also when ten come at the same instant', async () => {
    const body = '{"name":"race"}'
    const request = signatureOf(token, 'POST', '/apps', body, 60)
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendSigned(lab.server, request, body)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  test.each([
    ['another path', { path: '/space' }],
    ['another query', { path: '/apps?x=1' }],
    ['another method', { method: 'POST' }],
    ['another time', { timestamp: String(Math.floor(Date.now() / 1000) + 1) }],
    ['a time long ago', { timestamp: '1' }],
    ['no time', { timestamp: '' }],
    ['a time that is none', { timestamp: 'NaN' }],
    ['another type', { contentType: 'text/plain' }],
    ['an upper-case signature', { signature: (text: string) => text.toUpperCase() }],
    ['a signature of another version', { signature: (text: string) => text.replace('v0', 'v1') }],
    ['a short signature', { signature: (text: string) => text.slice(0, -1) }],
    ['two of them', { signature: (text: string) => `${text}, ${text}` }],
    ['no token', { signature: (text: string) => text.replace(/=.*:/, '=:') }],
  ])('is good for nothing with %s', async (_, { signature, ...change }: Partial<Changes>) => {
    const request = { ...signatureOf(token, ...CALL, ''), ...change }
    const forged = { ...request, signature: signature ? signature(request.signature) : request.signature }
    expect((await sendSigned(lab.server, forged, '')).status).toBe(401)
  })

  test('is judged alone: a wrong one is not helped by a cookie', async () => {
    const answer = await lab.server.request(lab.homeHost, '/api/v0/space', {
      headers: { Cookie: lab.homeCookie, 'X-Deta-Signature': 'v0=abcdefgh:00', 'X-Deta-Timestamp': '1' },
    })
    expect(answer.status).toBe(401)
  })
})

interface Changes {
  path: string
  method: string
  timestamp: string
  contentType: string
  signature: (text: string) => string
}

const signed = (token: string, method: string, path: string, body: string) =>
  sendSigned(lab.server, signatureOf(token, method, path, body), body)
