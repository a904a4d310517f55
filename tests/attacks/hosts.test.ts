/** ATTACKS C: every spelling of a host name is the same app; no other name is served. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { head, type Lab, startLab, statusesOf, forgetEarlierRequests } from './support/attack-harness.ts'

let lab: Lab
let name: string
beforeAll(async () => {
  lab = await startLab()
  name = new URL(lab.app.url).hostname
})
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

const ask = async (line: string, ...hosts: readonly string[]): Promise<number[]> =>
  statusesOf(
    await lab.send(head(`${line} HTTP/1.1`, ...hosts.map((host) => `Host: ${host}`), 'Connection: close')),
  )

describe('every spelling of the name is the one app, with the one set of rules', () => {
  test.each([
    ['upper case', () => name.toUpperCase()],
    ['a trailing dot', () => `${name}.`],
    ['a trailing dot and a port', () => `${name}.:${lab.server.port}`],
    ['port 80', () => `${name}:80`],
    ['port 443', () => `${name}:443`],
    ['port 0', () => `${name}:0`],
    ['a port that is none', () => `${name}:99999`],
    ['an empty port', () => `${name}:`],
    ['blanks around', () => ` \t${name} \t`],
  ])('%s', async (_, spelling) => {
    const host = spelling()
    expect(await ask('GET /public/x', host)).toEqual([200])
    expect(await lab.received()).toHaveLength(1)
    expect(await ask('GET /admin', host)).toEqual([401])
    expect(await ask('GET /api/notes', host)).toEqual([401])
    expect(await lab.received()).toEqual([])
  })
})

describe('an unknown host is not served, and reveals nothing', () => {
  test.each([
    ['two trailing dots', () => `${name}..`],
    ['a label before it', () => `a.${name}`],
    ['a domain behind it', () => `${name}.evil.example`],
    ['user information', () => `user@${name}`],
    ['user information and a port', () => `${name}:80@evil.example`],
    ['an IPv6 zone', () => '[fe80::1%25lo]'],
    ['an address of this machine', () => '0.0.0.0'],
    ['a short form of it', () => '127.1'],
    ['a number of it', () => '2130706433'],
    ['IPv4 in IPv6', () => '[::ffff:127.0.0.1]'],
    ['punycode', () => 'xn--recorder-9ya.space.localhost'],
    ['a full stop of another script', () => name.replace('.', '\u3002')],
    ['a list', () => `${name}, evil.example`],
    ['a path', () => `${name}/public/x`],
    ['an encoded dot', () => name.replace('.', '%2e')],
    ['a letter in the port', () => `${name}:8o`],
    ['a signed port', () => `${name}:+80`],
    ['an encoded blank', () => `${name}%20`],
    ['a NUL', () => `${name}\0`],
    ['the domain’s parent', () => 'a.localhost'],
    ['a wildcard', () => '*.space.localhost'],
    ['an underscore name', () => `_${name}`],
    ['control.sock', () => 'control.sock'],
    ['nothing', () => ''],
  ])('%s', async (_, spelling) => {
    const host = spelling()
    for (const path of ['/public/x', '/admin', '/__space/auth/callback', '/api/v0/status'])
      expect([path, [400, 404].includes((await ask(`GET ${path}`, host))[0] ?? 0)]).toEqual([path, true])
    expect(await lab.received()).toEqual([])
  })

  test('a deleted app answers like one that never existed', async () => {
    const bodyOf = async (host: string) =>
      (await lab.server.request(host, '/', { headers: { Accept: 'text/html' } }))
        .text()
        .then((text) => text.replace(/[a-z0-9]+-[a-z0-9]+<\/code>|"request_id":"[^"]+"/g, ''))
    expect(await bodyOf('recorder-aaaaaa.space.localhost')).toBe(await bodyOf('evil.example'))
  })
})

describe('more than one name is no name', () => {
  test('two Host lines, also when they agree', async () => {
    expect(await ask('GET /public/x', name, name)).toEqual([400])
    expect(await ask('GET /public/x', name, lab.homeHost)).toEqual([400])
    expect(await ask('GET /public/x')).toEqual([400])
    expect(await lab.received()).toEqual([])
  })

  test.each([
    ['another host', () => 'http://evil.example/public/x'],
    ['Home', () => `http://${lab.homeHost}/public/x`],
    ['another port', () => `http://${name}:1/public/x`],
    ['user information', () => `http://user@${name}/public/x`],
    ['user information with a password', () => `http://u:p@${name}/public/x`],
    ['another scheme', () => `ftp://${name}/public/x`],
    ['no authority', () => 'http:///public/x'],
    ['one slash', () => `http:/${name}/public/x`],
    ['a backslash', () => `http:\\\\${name}/public/x`],
    ['a query and no path', () => `http://${name}?/public/x`],
    ['an encoded host', () => `http://${name.replace('.', '%2e')}/public/x`],
    ['a trailing dot', () => `http://${name}./public/x`],
  ])('an absolute target with %s', async (_, target) => {
    expect(await ask(`GET ${target()}`, name)).toEqual([400])
    expect(await lab.received()).toEqual([])
  })

  test('an absolute target that agrees is judged and forwarded without its authority', async () => {
    for (const scheme of ['http', 'HTTP', 'https']) {
      expect(await ask(`GET ${scheme}://${name}/public/x`, name)).toEqual([200])
      expect(await ask(`GET ${scheme}://${name.toUpperCase()}/admin`, name)).toEqual([401])
      expect(await ask(`GET ${scheme}://${name}`, name)).toEqual([401])
    }
    expect((await lab.received()).map((raw) => raw.split('\r\n')[0])).toEqual(
      Array(3).fill('GET /public/x HTTP/1.1'),
    )
  })
})

test('Home answers under its own names only, and no app host has its API', async () => {
  const paths = ['/api/v0/status', '/api/v0/time', '/auth/handoff', '/auth/return', '/__space/api/v0/status']
  for (const path of paths) {
    expect([path, (await ask(`GET ${path}`, name))[0]! >= 400]).toEqual([path, true])
    expect([path, (await ask(`GET ${path}`, 'evil.example'))[0]]).toEqual([path, 404])
  }
  expect(await lab.received()).toEqual([])
})

test('Home does not tell apps’ paths from its own by what a client says', async () => {
  const answer = await lab.send(
    head(
      'GET /__space/auth/callback?code=x HTTP/1.1',
      `Host: ${lab.homeHost}`,
      `X-Space-Gateway-Instance: ${lab.app.instance_id}`,
      `X_Space_Gateway_Instance: ${lab.app.instance_id}`,
      'Cookie: space_login=x',
      'Connection: close',
    ),
  )
  expect(answer).not.toContain('Sign-in expired')
})
