/** A server that ends TLS itself, used in a browser and in a terminal. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { copyFileSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { until } from '../src/kernel/testing/until.ts'
import {
  temporaryCertificates,
  type TemporaryCertificates,
} from '../src/tls/testing/temporary-certificates.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { type CommandOptions, spaceJson } from './support/command.ts'
import { keepConnections } from './support/kept-connections.ts'
import { freePort, startTestServer, type TestServer } from './support/server.ts'

const CUT = ['ECONNRESET', 'EPIPE']
const NAMES = ['space.localhost', '*.space.localhost', 'localhost']

let certificates: TemporaryCertificates
let server: TestServer
let httpPort: number
let folder: string
let terminal: CommandOptions
let app: string
let startScreen: string

beforeAll(async () => {
  certificates = temporaryCertificates(NAMES, NAMES, ['other.test'])
  httpPort = await freePort()
  // Two, so that connections are shared out while they are replaced.
  const args = ['--http-port', String(httpPort), '--workers', '2']
  server = await startTestServer({ tls: certificates.files[0]!, args })
  startScreen = server.output()
  folder = await mkdtemp(join(tmpdir(), 'ownspace-tls-test-'))
  await cp(join(import.meta.dir, 'fixtures/works'), join(folder, 'works'), { recursive: true })
  await makePrivate(join(folder, 'works/Spacefile'))
  terminal = {
    cwd: join(folder, 'works'),
    home: folder,
    env: { NODE_EXTRA_CA_CERTS: certificates.files[0]!.certFile },
  }
  const { username, password } = server.owner
  const setup = ['setup', '--server', server.home, '--code', server.setupCode, '--username', username]
  await spaceJson([...setup, '--password-stdin'], { ...terminal, stdin: password })
  app = (await spaceJson<{ url: string }>(['push', '--yes'], terminal)).url
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true, force: true })
  certificates?.[Symbol.dispose]()
})

async function makePrivate(spacefile: string): Promise<void> {
  await Bun.write(spacefile, (await Bun.file(spacefile).text()).replace('    public: true\n', ''))
}

test('the start screen shows the https address, and no warning about a certificate that is right', () => {
  expect(startScreen).toContain(`https://space.localhost:${server.port}`)
  expect(startScreen).not.toContain('ertificate')
})

test('an app that a terminal pushed over https has an https address', () => {
  expect(app).toMatch(new RegExp(`^https://[a-z0-9-]+\\.space\\.localhost:${server.port}$`))
})

test('the app is private', async () => {
  expect((await server.request(new URL(app).host, '/')).status).toBe(401)
})

test.skipIf(missingBrowser !== null)(
  'a browser on http is redirected to https, signs in, reaches the app, and has cookies that no other host can change',
  async () => {
    await using browser = await launchBrowser()
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(`http://${new URL(app).hostname}:${httpPort}/?from=http`)
    await page.getByLabel('Username or e-mail').fill(server.owner.username)
    await page.getByLabel('Password', { exact: true }).fill(server.owner.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${app}/?from=http`)
    const cookies = await context.cookies()
    expect(cookies.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['__Host-space_home', '__Host-space_session']),
    )
    for (const { name, secure, httpOnly, domain, path } of cookies)
      expect({
        prefix: name.slice(0, 7),
        secure,
        httpOnly,
        path,
        isHostOnly: !domain.startsWith('.'),
      }).toEqual({
        prefix: '__Host-',
        secure: true,
        httpOnly: true,
        path: '/',
        isHostOnly: true,
      })
  },
)

test.skipIf(missingBrowser !== null)(
  'after a page has filled the browser with cookies for the whole domain, one click leads back to Home',
  async () => {
    await using browser = await launchBrowser()
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(`${app}/`)
    const set = await page.evaluate(() => {
      for (const [at, attributes] of ['', '; Secure', '; Secure; Partitioned', '; Path=/login'].entries())
        for (let i = 0; i < 12; i++)
          document.cookie = `bomb${at}${i}=${'x'.repeat(4_000)}; Domain=space.localhost${attributes}`
      return document.cookie.length
    })
    expect(set).toBeGreaterThan(100_000)
    const refused = await page.goto(`${server.home}/login`)
    expect(refused!.status()).toBe(431)
    await page.getByRole('link', { name: 'Open the page again' }).click()
    await page.getByLabel('Username or e-mail').waitFor()
    expect((await context.cookies()).filter(({ name }) => name.startsWith('bomb'))).toEqual([])
  },
)

describe('certificates that are replaced', () => {
  /**
   * Fingerprint of what a client is shown that names no host: that one changes with the gateways only. Null where the
   * connection is reset: the kernel may do that to a new one while its gateway is replaced.
   */
  const shown = async (): Promise<string | null> => {
    const { promise, resolve, reject } = Promise.withResolvers<string | null>()
    const options = { port: server.port, host: '127.0.0.1', rejectUnauthorized: false }
    const socket = connect(options, () => resolve(socket.getPeerCertificate().fingerprint256))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      CUT.includes(error.code!) ? resolve(null) : reject(error),
    )
    return await promise.finally(() => socket.destroy())
  }

  test('are shown after a reload, and no request on an open connection is lost', async () => {
    const before = await shown()
    const used = certificates.files[0]!
    const fresh = certificates.files[1]!
    copyFileSync(fresh.keyFile, used.keyFile)
    copyFileSync(fresh.certFile, used.certFile)
    const load = keepConnections(4, server.port, `GET / HTTP/1.1\r\nHost: ${new URL(app).host}\r\n\r\n`)
    await until('a client is answered', () => load.answers.length > 0)
    server.reload()
    // Connections are shared out at random: several in a row are shown the new one when both gateways are new.
    const isReplaced = async () => {
      for (let inRow = 0; inRow < 12; inRow++) if ([before, null].includes(await shown())) return false
      return true
    }
    await until('both gateways show the new certificate', isReplaced)
    const isLast = (answer: string) => /^connection: close\r$/im.test(answer)
    await until('a client is asked to connect again', () => load.answers.some(isLast))
    await load.stop()
    expect(load.answers.filter((answer) => !answer.startsWith('HTTP/1.1 401 '))).toEqual([])
  })

  test('and are invalid leave the old ones in use', async () => {
    const before = await shown()
    writeFileSync(certificates.files[0]!.certFile, 'nonsense')
    server.reload()
    await until('the reload is refused', () => server.output().includes('the gateways stay as they are'))
    expect(server.output()).toContain('no certificate in PEM')
    expect(await shown()).toBe(before)
    expect((await server.request(new URL(app).host, '/')).status).toBe(401)
  })
})

describe('a server does not start', () => {
  test.each([
    ['without its certificate', { certFile: '/nonexistent/fullchain.pem' }, 'does not exist'],
    ['with the key of another one', { keyFile: 'other' }, 'does not belong to the certificate'],
  ])('%s, and says why', async (_, changes, reason) => {
    const good = certificates.files[1]!
    const keyFile = 'keyFile' in changes ? certificates.files[2]!.keyFile : good.keyFile
    const started = startTestServer({ tls: { ...good, ...changes, keyFile } })
    await expect(started).rejects.toThrow('ended with 1')
    await expect(started).rejects.toThrow(reason)
  })

  test('with a certificate and no key, and says so', async () => {
    const started = startTestServer({ args: ['--tls-cert', certificates.files[1]!.certFile] })
    await expect(started).rejects.toThrow('each certificate needs its key')
  })
})

describe('a server with a domain', () => {
  let cloud: TestServer
  beforeAll(async () => {
    const args = ['--domain', 'cloud.test', '--listen', '127.0.0.1']
    cloud = await startTestServer({ tls: certificates.files[2]!, args })
  })
  afterAll(() => cloud?.[Symbol.asyncDispose]())

  test('whose certificate is for other names says so on the start screen', () => {
    expect(cloud.output()).toContain('No certificate covers cloud.test')
    expect(cloud.output()).toContain('No certificate covers *.cloud.test')
  })

  test('sends HSTS to browsers of Home, and not to those of the machine itself', async () => {
    const hsts = async (host: string) =>
      (await cloud.request(`${host}:${cloud.port}`, '/')).headers.get('strict-transport-security')
    expect(await hsts('cloud.test')).toBe('max-age=2592000')
    expect(await hsts('localhost')).toBe(null)
    expect(await hsts('unknown.cloud.test')).toBe(null)
  })
})
