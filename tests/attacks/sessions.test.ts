/** ATTACKS D: sessions, the hand-off from Home to an app, and how both end. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { RawClient } from '../../src/gateway/testing/raw-client.ts'
import { startTestServer } from '../support/server.ts'
import {
  askForCode,
  enterApp,
  head,
  type Lab,
  signInAtHome,
  startLab,
  statusesOf,
  forgetEarlierRequests,
} from './support/attack-harness.ts'

let lab: Lab
/** Another app of the same person. */
let other: string
beforeAll(async () => {
  lab = await startLab()
  other = new URL((await lab.pushAnother('other')).url).host
})
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

const callback = (host: string, path: string, cookie?: string) =>
  lab.server.request(host, path, { headers: cookie === undefined ? {} : { Cookie: cookie } })

const hasSession = (answer: Response) =>
  answer.headers.getSetCookie().some((cookie) => /^space_session=./.test(cookie))

describe('an invalid cookie is not a session', () => {
  const secret = () => lab.cookie.split('=')[1]!
  test.each([
    ['nothing', () => 'space_session='],
    ['no value', () => 'space_session'],
    ['a percent sign', () => 'space_session=%'],
    ['one letter less', () => `space_session=${secret().slice(1)}`],
    ['one letter more', () => `space_session=${secret()}A`],
    ['upper case', () => `space_session=${secret().toUpperCase()}`],
    ['padding', () => `space_session=${secret()}=`],
    ['quotes', () => `space_session="${secret()}"`],
    [
      'an encoded value',
      () => `space_session=${secret().replace(/^./, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
    ],
    ['another case of the name', () => `Space_Session=${secret()}`],
    ['a prefix that http has not', () => `__Host-space_session=${secret()}`],
    ['a path parameter', () => `space_session=${secret()};x`.replace(';', '%3b')],
    ['commas between cookies', () => `a=1, space_session=${secret()}`],
    ['the session of Home', () => lab.homeCookie.replace('space_home', 'space_session')],
    ['the session of Home by its own name', () => lab.homeCookie],
    ['eight thousand letters', () => `space_session=${'A'.repeat(8_000)}`],
    ['five of them', () => Array.from({ length: 5 }, (_, i) => `space_session=${i}`).join('; ')],
    ['bytes beyond ASCII', () => 'space_session=\xff\xfe'],
  ])('%s', async (_, cookie) => {
    expect(statusesOf(await lab.get('/admin', `Cookie: ${cookie()}`))).toEqual([401])
    expect(await lab.received()).toEqual([])
  })

  test('a NUL is no request', async () => {
    expect(statusesOf(await lab.get('/admin', `Cookie: ${lab.cookie}\0`))).toEqual([400])
    expect(await lab.received()).toEqual([])
  })

  test('the real one passes, also among junk and at the end of a long line', async () => {
    for (const cookie of [
      `junk=${'x'.repeat(20_000)}; ${lab.cookie}`,
      `space_session=junk; ${lab.cookie}; space_session=more`,
    ])
      expect(statusesOf(await lab.get('/admin', `Cookie: ${cookie}`))).toEqual([200])
    expect((await lab.received()).join()).not.toContain('space_session')
  })
})

describe('a session is valid on one host', () => {
  test('not for another app, nor for Home', async () => {
    expect((await callback(other, '/admin', lab.cookie)).status).toBe(401)
    expect((await callback(lab.homeHost, '/api/v0/apps', lab.cookie)).status).toBe(401)
    const asHome = lab.cookie.replace('space_session', 'space_home')
    expect((await callback(lab.homeHost, '/api/v0/apps', asHome)).status).toBe(401)
    expect(await lab.received()).toEqual([])
  })
})

describe('a page of another origin cannot use it', () => {
  const SAME = 'Sec-Fetch-Site: same-site'
  test.each([
    [['GET'], [SAME, 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty']],
    [['GET'], [SAME, 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: script']],
    [['GET'], [SAME, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe']],
    [['GET'], ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: object']],
    [['GET'], ['Sec-Fetch-Site: cross-site, same-origin', 'Sec-Fetch-Mode: cors']],
    [['GET'], ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site']],
    [['GET'], ['Sec-Fetch-Site: same-origin', 'Origin: http://evil.example']],
    [['GET'], ['Origin: null']],
    [['GET'], ['Origin: http://space.localhost']],
    [['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'], []],
    [['POST', 'DELETE'], ['Origin: http://evil.example']],
    [['POST'], [SAME, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Content-Length: 0']],
    [['HEAD'], [SAME, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']],
  ])('%j %j', async (methods, fields) => {
    for (const method of methods) {
      const lines = [`${method} /admin HTTP/1.1`, `Host: ${lab.host}`, `Cookie: ${lab.cookie}`, ...fields]
      const [status] = statusesOf(await lab.send(head(...lines, 'Connection: close')))
      expect([method, [401, 302, 303].includes(status!)]).toEqual([method, true])
    }
    expect(await lab.received()).toEqual([])
  })

  test.each([[], ['Origin: null'], ['Origin: http://evil.example'], [SAME]].map((fields) => [fields]))(
    'a WebSocket with %j',
    async (fields) => {
      const answer = await lab.get(
        '/admin',
        `Cookie: ${lab.cookie}`,
        'Upgrade: websocket',
        ...fields,
        'Connection: Upgrade',
      )
      expect(statusesOf(answer)).toEqual([401])
      expect(await lab.received()).toEqual([])
    },
  )
})

describe('a code of the hand-off', () => {
  test('is valid once, also when ten requests use it at the same instant', async () => {
    const { callback: path, loginCookie } = await askForCode(lab.server, lab.host, lab.homeCookie)
    const answers = await Promise.all(Array.from({ length: 10 }, () => callback(lab.host, path, loginCookie)))
    expect(answers.filter(hasSession)).toHaveLength(1)
    expect(hasSession(await callback(lab.host, path, loginCookie))).toBe(false)
  })

  test.each([
    ['without the pre-login cookie', () => undefined],
    ['with another browser’s', () => `space_login=${'A'.repeat(43)}`],
    ['with two of them', (own: string) => `${own}; space_login=${'A'.repeat(43)}`],
    ['with the same one twice', (own: string) => `${own}; ${own}`],
    [
      'with an empty one before it',
      (own: string) => `space_login=; ${own.replace('space_login', 'Space_Login')}`,
    ],
  ] as [string, (own: string) => string | undefined][])('is of no use %s', async (_, cookieOf) => {
    const { callback: path, loginCookie } = await askForCode(lab.server, lab.host, lab.homeCookie)
    expect(hasSession(await callback(lab.host, path, cookieOf(loginCookie)))).toBe(false)
  })

  test('is of no use on another host, and is spent by the attempt', async () => {
    const { callback: path, loginCookie } = await askForCode(lab.server, lab.host, lab.homeCookie)
    expect(hasSession(await callback(other, path, loginCookie))).toBe(false)
    expect(hasSession(await callback(lab.host, path, loginCookie))).toBe(false)
  })

  test('an attacker’s code does not sign a victim in: their browsers differ', async () => {
    const attacker = await askForCode(lab.server, lab.host, lab.homeCookie)
    const victim = await askForCode(lab.server, lab.host, lab.homeCookie)
    expect(hasSession(await callback(lab.host, attacker.callback, victim.loginCookie))).toBe(false)
    const tossed = `${attacker.loginCookie}; ${victim.loginCookie}`
    const again = await askForCode(lab.server, lab.host, lab.homeCookie)
    expect(hasSession(await callback(lab.host, again.callback, tossed))).toBe(false)
  })

  test('is not given after signing out, and ends with the session of Home', async () => {
    const homeCookie = await signInAtHome(lab.server, lab.homeHost)
    const { callback: path, loginCookie } = await askForCode(lab.server, lab.host, homeCookie)
    await signOutAtHome(homeCookie)
    expect(hasSession(await callback(lab.host, path, loginCookie))).toBe(false)
  })

  test('that is invalid gives no session', async () => {
    for (const query of [
      '',
      '?code=',
      '?code=x',
      '?code=%00',
      '?code=a&code=b',
      `?code=${'A'.repeat(9_000)}`,
    ]) {
      const answer = await callback(
        lab.host,
        `/__space/auth/callback${query}`,
        `space_login=${'A'.repeat(43)}`,
      )
      expect([answer.status >= 400, hasSession(answer)]).toEqual([true, false])
    }
  })
})

describe('signing out', () => {
  const signOut = (cookie: string, headers: Record<string, string>, method = 'POST') =>
    lab.server.request(lab.host, '/__space/auth/sign-out', {
      method,
      headers: { Cookie: cookie, ...headers },
    })
  const passes = async (cookie: string) => (await callback(lab.host, '/admin', cookie)).status === 200

  test('takes a POST of the app’s own page, and nothing less', async () => {
    const cookie = await enterApp(lab.server, lab.host, lab.homeCookie)
    await signOut(cookie, {}, 'GET')
    await signOut(cookie, { 'Sec-Fetch-Site': 'none' }, 'GET')
    await signOut(cookie, {})
    await signOut(cookie, { Origin: `http://${other}` })
    await signOut(cookie, { Origin: 'null' })
    await signOut(cookie, { Origin: lab.app.url, 'Sec-Fetch-Site': 'same-origin' }, 'GET')
    expect(await passes(cookie)).toBe(true)
    expect((await signOut(cookie, { Origin: lab.app.url })).status).toBe(303)
    expect(await passes(cookie)).toBe(false)
    await lab.received()
  })

  test.each(['the app', 'Home'])(
    'at %s closes streams and WebSockets that the session had let in',
    async (where) => {
      const homeCookie = await signInAtHome(lab.server, lab.homeHost)
      const cookie = await enterApp(lab.server, lab.host, homeCookie)
      using stream = await open(['GET /admin?stream HTTP/1.1'], cookie, 'data: one')
      using socket = await open(
        ['GET /admin HTTP/1.1', `Origin: ${lab.app.url}`, 'Connection: Upgrade', 'Upgrade: websocket'],
        cookie,
        'hello',
      )
      using kept = await open(['GET /public/x?stream HTTP/1.1'], cookie, 'data: one')
      await (where === 'Home' ? signOutAtHome(homeCookie) : signOut(cookie, { Origin: lab.app.url }))
      await Promise.all([stream, socket].map((client) => client.until(({ isClosed }) => isClosed)))
      expect(stream.received).not.toContain('0\r\n\r\n')
      expect(await passes(cookie)).toBe(false)
      expect(kept.isEnded).toBe(false)
    },
  )
})

test('a device that is signed out from another one loses its streams', async () => {
  const homeCookie = await signInAtHome(lab.server, lab.homeHost)
  const cookie = await enterApp(lab.server, lab.host, homeCookie)
  using stream = await open(['GET /admin?stream HTTP/1.1'], cookie, 'data: one')
  const { sessions } = (await (await lab.home('GET', '/sessions')).json()) as { sessions: { id: string }[] }
  expect((await lab.home('DELETE', `/sessions/${sessions[0]!.id}x`)).status).toBe(404)
  expect((await lab.home('DELETE', '/sessions')).status).toBe(204)
  await stream.until(({ isClosed }) => isClosed)
  expect((await callback(lab.host, '/admin', cookie)).status).toBe(401)
  expect((await callback(lab.host, '/admin', lab.cookie)).status).toBe(200)
  expect((await callback(lab.homeHost, '/api/v0/apps', homeCookie)).status).toBe(401)
})

test('a route that its owner closes is closed for the next request, and for streams that it had let in', async () => {
  const narrow = (overrides: readonly object[]) =>
    lab.home('PUT', `/instances/${lab.app.instance_id}/access/overrides`, { overrides })
  using anonymous = await open(['GET /public/x?stream HTTP/1.1'], '', 'data: one')
  using owned = await open(['GET /admin?stream HTTP/1.1'], lab.cookie, 'data: one')
  expect((await narrow([{ micro: 'web', kind: 'close', pattern: '/public/*' }])).status).toBe(200)
  expect((await callback(lab.host, '/public/x')).status).toBe(401)
  await anonymous.until(({ isClosed }) => isClosed)
  expect(owned.isEnded).toBe(false)
  await lab.received()
  expect((await narrow([{ micro: 'web', kind: 'private', pattern: '/public/inner*' }])).status).toBe(200)
  for (const path of ['/public/inner', '/public/INNER/x', '/public/inner.html', '/public/inner/'])
    expect([path, (await callback(lab.host, path)).status]).toEqual([path, 401])
  expect(await lab.received()).toEqual([])
  expect((await narrow([])).status).toBe(200)
})

test('deleting the app closes its streams, and its host is unknown', async () => {
  const doomed = await lab.pushAnother('doomed')
  const { host } = new URL(doomed.url)
  const cookie = await enterApp(lab.server, host, lab.homeCookie)
  const pending = await askForCode(lab.server, host, lab.homeCookie)
  using anonymous = await open(['GET /public/x?stream HTTP/1.1'], '', 'data: one', host)
  using owned = await open(['GET /admin?stream HTTP/1.1'], cookie, 'data: one', host)
  expect((await lab.home('DELETE', `/instances/${doomed.instance_id}`)).status).toBe(200)
  await Promise.all([anonymous, owned].map((client) => client.until(({ isClosed }) => isClosed)))
  expect((await callback(host, '/admin', cookie)).status).toBe(404)
  expect((await callback(host, '/public/x')).status).toBe(404)
  expect(hasSession(await callback(host, pending.callback, pending.loginCookie))).toBe(false)
})

test('behind a proxy that speaks https, cookies are the kind that no sibling can set, and http is another origin', async () => {
  await using server = await startTestServer({ args: ['--public-url', 'https://cloud.test'] })
  const call = (path: string, init: RequestInit = {}) => server.request('cloud.test', `/api/v0${path}`, init)
  const answer = await call('/setup', {
    method: 'POST',
    body: JSON.stringify({ code: server.setupCode, ...server.owner }),
    headers: { 'Content-Type': 'application/json', Origin: 'https://cloud.test' },
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  expect(cookie).toMatch(
    /^__Host-space_home=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure; Priority=High$/,
  )
  const secret = cookie.slice('__Host-space_home='.length).split(';')[0]
  const status = async (headers: Record<string, string>, method = 'GET') =>
    (await call(method === 'GET' ? '/apps' : '/session', { method, headers })).status
  const own = `__Host-space_home=${secret}`
  expect(await status({ Cookie: own })).toBe(200)
  for (const other of [
    `space_home=${secret}`,
    `__host-space_home=${secret}`,
    `__Secure-space_home=${secret}`,
  ])
    expect([other, await status({ Cookie: other })]).toEqual([other, 401])
  for (const Origin of [
    'http://cloud.test',
    'https://cloud.test:444',
    'https://a.cloud.test',
    'https://cloud.test.',
  ])
    expect([Origin, await status({ Cookie: own, Origin }, 'DELETE')]).toEqual([Origin, 401])
  for (const host of ['space.localhost', 'cloud.test.evil.example', 'a.cloud.test'])
    expect([host, (await server.request(host, '/api/v0/status')).status]).toEqual([host, 404])
  for (const target of ['https://localhost/', 'https://127.0.0.1/', 'https://[::1]/', 'http://cloud.test/']) {
    const sent = await server.request('cloud.test', `/auth/return?redirect_uri=${encodeURIComponent(target)}`)
    expect([target, sent.headers.get('location')]).toEqual([target, 'https://cloud.test'])
  }
  expect(await status({ Cookie: own, Origin: 'https://cloud.test' }, 'DELETE')).toBe(204)
})

/** A request that goes on, once `text` of its answer has come. */
async function open(
  lines: readonly string[],
  cookie: string,
  text: string,
  host = lab.host,
): Promise<RawClient> {
  const client = await lab.connect()
  client.send(head(lines[0]!, `Host: ${host}`, `Cookie: ${cookie}`, ...lines.slice(1)))
  expect(await client.untilReceived(text)).toContain(text)
  return client
}

async function signOutAtHome(homeCookie: string): Promise<void> {
  const answer = await lab.server.request(lab.homeHost, '/api/v0/session', {
    method: 'DELETE',
    headers: { Cookie: homeCookie, Origin: `http://${lab.homeHost}` },
  })
  expect(answer.status).toBe(204)
}
