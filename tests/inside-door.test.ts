/** What an app asks of the server it runs on: it reaches apps as everybody does, and nothing of Home. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { detectSandbox } from '../src/runner/index.ts'
import {
  type TemporaryCertificates,
  temporaryCertificates,
} from '../src/tls/testing/temporary-certificates.ts'
import { startTestSpace, type TestSpace } from './support/space.ts'

const NAMES = ['space.localhost', '*.space.localhost', 'localhost']
const sandbox = await detectSandbox('auto')

describe.skipIf(sandbox.kind !== 'sandboxed').each(['http', 'https'])('over %s', (scheme) => {
  let certificates: TemporaryCertificates
  let my: TestSpace
  let host: string
  beforeAll(async () => {
    certificates = temporaryCertificates(NAMES)
    const tls = scheme === 'https' ? { tls: certificates.files[0]! } : {}
    my = await startTestSpace({ ...tls, args: ['--sandbox', 'require', '--workers', '2'] })
    host = new URL((await my.push(await my.copyApp('tests/fixtures/knocks'))).url).host
  })
  afterAll(async () => {
    await my?.[Symbol.asyncDispose]()
    certificates?.[Symbol.dispose]()
  })

  /** What the app is answered when it sends this, over the port by which its own name is reached. */
  async function askFromInside(line: string, ...fields: readonly string[]) {
    const head = [`${line} HTTP/1.1`, ...fields, 'Connection: close', '', ''].join('\r\n')
    const knock = { port: my.server.port, isTls: scheme === 'https', head }
    const answer = await my.server.request(host, '/knock', { method: 'POST', body: JSON.stringify(knock) })
    const text = await answer.text()
    return { text, status: Number(text.split(' ')[1]) }
  }

  test.each([
    ['the domain', () => 'space.localhost'],
    ['the domain with a port', () => `space.localhost:${my.server.port}`],
    ['the domain in upper case', () => 'SPACE.localhost'],
    ['the domain with a trailing dot', () => 'space.localhost.'],
    ['localhost', () => 'localhost'],
    ['localhost with a port', () => `LocalHost.:${my.server.port}`],
    ['an address', () => '127.0.0.1'],
    ['an IPv6 address', () => '[::1]'],
    ['an IPv6 address with a port', () => `[::1]:${my.server.port}`],
    ['an IPv6 address in full', () => '[0:0:0:0:0:0:0:1]'],
    ['no name', () => ''],
  ])('Home is not there under %s', async (_, name) => {
    const refused = name() === '' ? [400] : [404]
    for (const line of ['GET /login', 'GET /', 'GET /api/v0/status', 'GET /auth/handoff', 'HEAD /login']) {
      const { text, status } = await askFromInside(line, `Host: ${name()}`)
      expect([line, refused.includes(status)]).toEqual([line, true])
      expect(text).not.toContain('"setup"')
    }
    const body = ['Content-Type: application/json', 'Content-Length: 0']
    for (const line of ['POST /api/v0/session', 'POST /api/v0/setup', 'DELETE /api/v0/session'])
      expect(refused).toContain((await askFromInside(line, `Host: ${name()}`, ...body)).status)
  })

  test.each(['space.localhost', 'SPACE.LOCALHOST.', 'localhost:80', '127.0.0.1', '[::1]'])(
    'Home is not there as http://%s/… in the request line, whatever Host says',
    async (name) => {
      for (const path of ['/login', '/api/v0/status']) {
        const answer = await askFromInside(`GET http://${name}${path}`, `Host: ${host}`)
        expect([400, 404]).toContain(answer.status)
        expect((await askFromInside(`GET http://${name}${path}`, `Host: ${name}`)).status).toBe(404)
      }
    },
  )

  test('what the platform answers on the hosts of apps is not there', async () => {
    for (const path of [
      '/__space/auth/callback?code=x',
      '/__space/auth/sign-out',
      '/__space/v0/base',
      '/__space',
    ])
      expect((await askFromInside(`GET ${path}`, `Host: ${host}`)).status).toBe(404)
    expect((await askFromInside('GET /%5f_space/auth/callback', `Host: ${host}`)).status).toBe(404)
    expect((await askFromInside('POST /__space/auth/sign-out', `Host: ${host}`)).status).toBe(404)
  })

  test('names of ours in other fields change nothing', async () => {
    const fields = ['X-Forwarded-Host', 'X-Host', 'Forwarded', 'X-Space-Gateway-Target'].map(
      (name) => `${name}: space.localhost`,
    )
    const answer = await askFromInside('GET /login', `Host: ${host}`, ...fields)
    expect(answer.status).toBe(401)
  })

  test('its own app is, with the internal key, also after the gateways have been replaced', async () => {
    const call = async (...fields: string[]) => askFromInside('GET /private', `Host: ${host}`, ...fields)
    const seen = new Set<string>()
    for (const round of ['before', 'after']) {
      const { status, text } = await call('X-API-Key: $DETA_API_KEY')
      expect([round, status]).toEqual([round, 200])
      expect(text).toEndWith('/private for app')
      expect((await call()).status).toBe(401)
      expect((await call('X-API-Key: wrong')).status).toBe(401)
      if (round === 'after') break
      for (let i = 0; i < 50; i++) seen.add(gatewayOf(await call()))
      my.server.reload()
      // In a row, since the gateways are replaced one after the other.
      for (let fresh = 0; fresh < 50;) fresh = (await isFrom(seen, call)) ? 0 : fresh + 1
    }
  })

  test('the front door itself shows Home to everybody else', async () => {
    expect((await my.server.request('space.localhost', '/api/v0/status')).status).toBe(200)
  })
})

/** Also while nobody can tell: the kernel may reset a connection that no gateway has taken when its port is left. */
const isFrom = async (gateways: ReadonlySet<string>, call: () => Promise<{ text: string }>) => {
  const answer = await call().catch(() => null)
  const gateway = answer === null ? undefined : /[a-z0-9]{8}(?=-\d{10})/.exec(answer.text)?.[0]
  return gateway === undefined || gateways.has(gateway)
}

/** Request ids begin with what is one gateway's own. */
const gatewayOf = ({ text }: { text: string }): string => /[a-z0-9]{8}(?=-\d{10})/.exec(text)![0]
