/** ATTACKS B: headers that claim something about the request, on the way in and on the way out. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import {
  answering,
  head,
  type Lab,
  startLab,
  statusesOf,
  forgetEarlierRequests,
} from './support/attack-harness.ts'

let lab: Lab
beforeAll(async () => void (lab = await startLab()))
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

/** Names and values of the fields that reached the app, with one request. */
async function arrived(target: string, ...fields: readonly string[]): Promise<string[]> {
  expect(statusesOf(await lab.get(target, ...fields))).toEqual([200])
  const [raw = '', ...others] = await lab.received()
  expect(others).toEqual([])
  return raw.split('\r\n').slice(1)
}

/** Values that only a client of these tests sends. */
const FORGED = /forged|6\.6\.6\.6/

describe('a claim reaches the app in no spelling', () => {
  test.each([
    'X-Forwarded-Uri: /public/forged',
    'X-Original-URL: /public/forged',
    'X-Original-URI: /public/forged',
    'X-Original-Method: forged',
    'X-Original-Host: forged',
    'X-Rewrite-URL: /forged',
    'X-Rewrite-URI: /forged',
    'X-Override-URL: /forged',
    'X-Forwarded-Path: /forged',
    'X-Forwarded-Prefix: /forged',
    'X-Forwarded-Proto: forged',
    'X-Forwarded-Port: 6.6.6.6',
    'X-Forwarded-Host: forged',
    'X-Forwarded-Server: forged',
    'X-Forwarded-For: 6.6.6.6',
    'X-Forwarded-For: forged, ::1',
    'X-Forwarded: for=6.6.6.6',
    'X-Forwarded-User: forged',
    'X-Forwarded-Access-Token: forged',
    'Forwarded: for=6.6.6.6;host=forged',
    'Forwarded-For: 6.6.6.6',
    'X-Host: forged',
    'X-HTTP-Host-Override: forged',
    'X-Real-IP: 6.6.6.6',
    'X-Client-IP: 6.6.6.6',
    'Client-IP: 6.6.6.6',
    'True-Client-IP: 6.6.6.6',
    'X-Cluster-Client-IP: 6.6.6.6',
    'X-Remote-User: forged',
    'Remote-User: forged',
    'X-Accel-Mapping: /forged',
    'X-Sendfile-Type: forged',
    'Proxy: http://forged',
    'X-Request-Id: forged',
    'X-Space-Principal: user:forged',
    'X-Space-User-Id: forged',
    'X-Space-Identity: v1.forged.forged',
    'X-Space-Key-Name: forged',
    'X-Space-App-Key: forged',
    'X-Space-Gateway-Instance: forged',
    'X-Space-Gateway-Principal: forged',
    'X-Space-Gateway-Body: forged',
    'X-Space-Gateway-Target: forged',
    'X-Space-Anything: forged',
  ])('%s', async (field) => {
    const [name = '', value = ''] = field.split(/:(.*)/)
    for (const spelling of spellingsOf(name)) {
      const fields = await arrived('/public/x', `${spelling}:${value}`)
      expect([spelling, fields.filter((line) => FORGED.test(line))]).toEqual([spelling, []])
    }
  })
})

/** CGI-like servers fold every one of these into one variable; some fold all that is no letter or digit. */
const spellingsOf = (name: string): string[] => [
  name,
  name.toLowerCase(),
  name.toUpperCase(),
  ...(name.includes('-') ? ['_', '.', '~', '!', '|'].map((char) => name.replaceAll('-', char)) : []),
  name.replace('-', '_'),
]

describe('nothing that a client says opens a private path', () => {
  test.each(
    [
      ['X-Forwarded-Uri: /public/x', 'X-Original-URL: /public/x', 'X-Rewrite-URL: /public/x'],
      ['X-Forwarded-Prefix: /public', 'X-Forwarded-Path: /public/x'],
      ['X-Forwarded-For: 127.0.0.1', 'X-Real-IP: ::1', 'Forwarded: for=127.0.0.1'],
      ['X-Forwarded-For: a'],
      ['X-Forwarded-Proto: https', 'X-Forwarded-Port: 443'],
      ['User-Agent: GoogleHC/1.0'],
      ['User-Agent: ELB-HealthChecker/2.0'],
      ['Authorization: Bearer x'],
      ['Authorization: Basic YWRhOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ=='],
      ['X-Space-Principal: app', 'X-Space-Gateway-Principal: app', 'X-Space-Identity: x'],
      ['X-API-Key: null', 'X-API-Key: undefined'],
      ['X-HTTP-Method-Override: GET'],
      ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA', 'Connection: Upgrade, HTTP2-Settings'],
    ].map((fields) => [fields]),
  )('%p', async (fields) => {
    expect(statusesOf(await lab.get('/admin', ...fields))).toEqual([401])
    expect(await lab.received()).toEqual([])
  })

  test.each(['OPTIONS', 'HEAD', 'TRACE', 'TRACK', 'DELETE', 'PURGE', 'PROPFIND', 'PRI', 'M-SEARCH'])(
    'the method %s',
    async (method) => {
      const answer = await lab.send(
        head(
          `${method} /admin HTTP/1.1`,
          `Host: ${lab.host}`,
          'Origin: https://evil.example',
          'Access-Control-Request-Method: GET',
          'Connection: close',
        ),
      )
      expect([400, 401, 405]).toContain(statusesOf(answer)[0]!)
      expect(answer).not.toMatch(/access-control-allow/i)
      expect(await lab.received()).toEqual([])
    },
  )
})

describe('Connection takes nothing away that we set, and smuggles nothing past', () => {
  const OURS = [
    'X-Forwarded-For',
    'X-Forwarded-Proto',
    'X-Forwarded-Host',
    'X-Space-Principal',
    'X-Request-Id',
  ]

  test.each(
    [
      ['Connection: X-Space-Principal, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Request-Id'],
      ['Connection: x-space-principal', 'connection: x-forwarded-for', 'CONNECTION: close, X-Forwarded-Host'],
      ['Connection: X_Space_Principal, X.Forwarded.For', 'X_Space_Principal: forged'],
      ['Connection: Connection, Host, X-Request-Id'],
      ['Connection: close, Content-Length, Transfer-Encoding'],
    ].map((fields) => [fields]),
  )('%p', async (fields) => {
    const lines = await arrived('/public/x', ...fields)
    for (const name of OURS)
      expect([name, lines.filter((line) => line.startsWith(`${name}: `)).length]).toEqual([name, 1])
    expect(lines.filter((line) => FORGED.test(line))).toEqual([])
    expect(lines.filter((line) => /^connection:/i.test(line))).toEqual([])
    expect(lines).toContain(`Host: ${lab.host}`)
  })

  test('a credential that Connection names is judged and does not arrive', async () => {
    const lines = await arrived(
      '/admin',
      `Cookie: ${lab.cookie}; a=1`,
      'Connection: Cookie, X-Foo',
      'X-Foo: 1',
    )
    expect(lines.filter((line) => /^(cookie|x-foo|connection):/i.test(line))).toEqual([])
    expect(lines.find((line) => line.startsWith('X-Space-Principal: '))).toStartWith(
      'X-Space-Principal: user:usr_',
    )
  })
})

describe('secrets of ours stay with us', () => {
  test('no session cookie arrives, wherever it stands', async () => {
    const huge = `junk=${'x'.repeat(8_000)}`
    for (const value of [
      lab.cookie,
      `a=1; ${lab.cookie}; b=2`,
      `${huge}; ${lab.cookie}`,
      `${lab.cookie};${lab.cookie}`,
      `a="; ${lab.cookie}; b="`,
      `space_home=home; space_login=login; ${lab.cookie}`,
    ]) {
      const lines = await arrived('/public/x', `Cookie: ${value}`)
      expect(lines.join('\n')).not.toMatch(/space_(session|home|login)/i)
    }
  })

  test('a second Cookie line and a folding name of it carry none either', async () => {
    const lines = await arrived('/admin', 'Cookie: a=1', `cookie: ${lab.cookie}`, `Cookie.: x`)
    expect(lines.join('\n')).not.toContain('space_session')
    expect(lines).toContain('Cookie: a=1')
  })

  test('neither does the app’s own key', async () => {
    const lines = await arrived('/admin', `X-API-Key: ${lab.internalKey}`)
    expect(lines.join('\n')).not.toContain(lab.internalKey)
    expect(lines).toContain('X-Space-Principal: app')
  })
})

describe('the identity that an app receives', () => {
  const identityOf = async (target: string, ...fields: readonly string[]) => {
    const lines = (await arrived(target, ...fields)).filter((line) => /^x.space.identity:/i.test(line))
    expect(lines).toHaveLength(1)
    const [version, claims = '', signature] = lines[0]!.replace('X-Space-Identity: ', '').split('.')
    const hmac = createHmac('sha256', Buffer.from(lab.identityKey, 'base64url'))
    expect([version, signature]).toEqual(['v1', hmac.update(`v1.${claims}`).digest('base64url')])
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  }
  const FORGED_FIELDS = [
    'X-Space-Identity: v1.e30.x',
    'X_Space_Identity: v1.e30.x',
    'Connection: X-Space-Identity',
  ]

  test('is signed for this request only, whatever the client sends', async () => {
    const anonymous = { principal: 'anonymous', micro: 'web', method: 'GET', path: '/public/x' }
    expect(await identityOf('/public/x?y', ...FORGED_FIELDS)).toMatchObject(anonymous)
    const owner = {
      principal: expect.stringMatching(/^user:usr_/),
      micro: 'api',
      method: 'GET',
      path: '/notes',
    }
    const claims = await identityOf('/api/notes', `Cookie: ${lab.cookie}`, ...FORGED_FIELDS)
    expect(claims).toMatchObject({ ...owner, instance: lab.app.instance_id })
  })
})

describe('what an app may not say to a browser', () => {
  const answered = async (...fields: readonly string[]) =>
    await lab.get(answering('/public/x', head('HTTP/1.1 200 OK', ...fields, 'Content-Length: 0')))

  test.each([
    'Set-Cookie: space_session=forged',
    'Set-Cookie: __Host-space_session=forged; Path=/; Secure',
    'Set-Cookie: __host-Space_Home=forged',
    'Set-Cookie: space_login=forged; Path=/__space',
    'Set-Cookie: \tspace_session\t=forged',
    'Set-Cookie: "space_session"=forged',
    'Set-Cookie: =space_session=forged',
    'Set-Cookie: ; Domain=forged',
    'Set-Cookie: forged',
    'Set-Cookie: a=forged; Domain=space.localhost',
    'Set-Cookie: a=forged; path=/;DOMAIN =.space.localhost',
    'Set-Cookie: a=forged; domain',
    'Set_Cookie: space_session=forged',
    'set.cookie: space_session=forged',
    'X-Accel-Redirect: /forged',
    'X-Accel-Buffering: forged',
    'X-Sendfile: /forged',
    'X-Space-Principal: forged',
    'X_Space_Anything: forged',
    'Clear-Site-Data: "cookies", "forged"',
    'Clear-Site-Data: "storage", "*", "forged"',
    'clear-site-data: "COOKIES", "forged"',
    'Proxy-Authenticate: Basic realm="forged"',
    'Keep-Alive: forged',
    'Upgrade: forged',
  ])('%s', async (field) => {
    const answer = await answered(field, 'X-Kept: yes')
    expect(statusesOf(answer)).toEqual([200])
    expect(answer).not.toContain('forged')
    expect(answer).toContain('X-Kept: yes')
  })

  test.each([
    'Set-Cookie: a=b; Path=/; HttpOnly',
    'Set-Cookie: my_space_session=1',
    'Clear-Site-Data: "cache", "storage"',
  ])('%s is the app’s own matter', async (field) => expect(await answered(field)).toContain(`${field}\r\n`))

  test('Connection of an answer does not keep a forbidden line', async () => {
    const answer = await answered('Connection: Set-Cookie', 'Set-Cookie: space_session=forged')
    expect(answer).not.toContain('forged')
  })

  test('neither a 103 nor a trailer brings what the answer may not have', async () => {
    const early = head('HTTP/1.1 103 Early Hints', 'Set-Cookie: space_session=forged', 'Link: </a>')
    const final = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '1\r\nx\r\n0\r\n'
    const answer = await lab.get(
      answering('/public/x', `${early}${final}Set-Cookie: space_home=forged\r\n\r\n`),
    )
    expect(statusesOf(answer)).toEqual([103, 200])
    expect(answer).not.toContain('forged')
  })
})

describe('an answer to one person is not kept for another by a cache on the way', () => {
  const asOwner = (...fields: readonly string[]) =>
    lab.get(
      answering('/admin', head('HTTP/1.1 200 OK', ...fields, 'Content-Length: 0')),
      `Cookie: ${lab.cookie}`,
    )

  test.each([
    ['no directive at all'],
    ['Cache-Control: public, max-age=600'],
    ['Cache-Control: s-maxage=600'],
    ['Expires: Thu, 31 Dec 2099 23:59:59 GMT'],
    ['CDN-Cache-Control: max-age=600'],
    ['Cloudflare-CDN-Cache-Control: max-age=600'],
    ['Surrogate-Control: max-age=600'],
    ['Surrogate_Control: max-age=600'],
  ])('%s', async (field) => {
    const answer = await asOwner(...(field.includes(':') ? [field] : []))
    expect(answer).toMatch(/^Cache-Control: private\r$/m)
    expect(answer).not.toMatch(/^(cdn-|.*-cdn-|surrogate)/im)
  })

  test('what is private already, and what is public, is passed on as it is', async () => {
    expect((await asOwner('Cache-Control: private, max-age=5')).match(/cache-control/gi)).toHaveLength(1)
    expect((await asOwner('Cache-Control: no-store')).match(/cache-control/gi)).toHaveLength(1)
    const open = head('HTTP/1.1 200 OK', 'Cache-Control: public, max-age=600', 'Content-Length: 0')
    const answer = await lab.get(answering('/public/x', open))
    expect(answer).not.toContain('private')
  })

  test('a refusal is not kept either', async () => {
    expect(await lab.get('/admin')).toMatch(/^Cache-Control: no-store\r$/m)
    expect(await lab.get('/admin', 'Accept: text/html')).toMatch(/^Cache-Control: no-store\r$/m)
  })
})
