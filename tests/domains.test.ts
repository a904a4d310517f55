/** The life of a custom domain: added, proved, opened, signed in on, kept over a restart, removed. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import type { Browser, Page } from 'playwright-core'
import { createUser } from '../src/people/users.ts'
import { serverMigrations } from '../src/api/schema.ts'
import { openDatabase } from '../src/storage/database.ts'
import { storageMigrations } from '../src/storage/migrations/index.ts'
import { type NameServer, startNameServer } from '../src/domains/testing/name-server.ts'
import { makeCertificate } from '../src/tls/testing/make-certificate.ts'
import { enterApp, signInAtHome } from './attacks/support/attack-harness.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { freePort, startTestServer } from './support/server.ts'
import { step } from './support/step.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

if (missingBrowser) console.warn(`SKIPPED: custom domains in a browser. ${missingBrowser}`)

/** Two names that share only their public suffix: browsers count them as different sites. */
const SERVER = 'cloud.test'
const CUSTOM = 'notes.example.test'
const SECOND = 'works.example.test'
const OTHER = { username: 'grace', password: 'another long password' }

interface Domain {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly records: readonly { readonly name: string; readonly value: string }[]
}

interface Person {
  readonly username: string
  readonly password: string
}

let names: NameServer
let browser: Browser
beforeAll(async () => {
  names = await startNameServer()
  if (!missingBrowser) browser = await launchBrowser('test')
})
afterAll(async () => {
  await browser?.close()
  names?.[Symbol.dispose]()
})

interface Start {
  readonly port?: number
  readonly args?: readonly string[]
}

async function startWithApp({ port, args = [] }: Start = {}): Promise<{ my: TestSpace; app: Pushed }> {
  const common = ['--domain', SERVER, '--listen', '127.0.0.1', '--name-servers', names.address]
  const my = await startTestSpace({ port, args: [...common, ...args] })
  return { my, app: await my.push(await my.copyApp('tests/fixtures/recorder')) }
}

async function runJson<T>(my: TestSpace, ...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await my.run([...args, '--json'])
  if (exitCode !== 0) throw new Error(stdout + stderr)
  return JSON.parse(stdout) as T
}

const publish = ({ records: [proof] }: Domain) => names.txt.set(proof!.name, [proof!.value])

/** Gives the app a domain that is proved and served. */
async function addActive(my: TestSpace, name = CUSTOM) {
  publish(await runJson<Domain>(my, 'domains', 'add', 'recorder', name))
  return runJson<Domain>(my, 'domains', 'check', 'recorder', name)
}

async function untilEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let isDone = false; !isDone;) isDone = (await reader.read()).done
}

/** A new browser context, like that of a new visitor. */
const newVisitor = async () => (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()

async function fillIn(page: Page, { username, password }: Person) {
  await page.getByLabel('Username or e-mail').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** A proxy that ends TLS in front of a port of this machine, as many an operator has one. */
async function startTlsProxy(folder: string, upstreamPort: number) {
  const hosts = [SERVER, `*.${SERVER}`, CUSTOM, SECOND]
  const { certFile, keyFile } = makeCertificate({ folder, file: 'proxy', names: hosts })
  const [cert, key] = await Promise.all([certFile, keyFile].map((file) => Bun.file(file).text()))
  const proxy = createServer({ cert, key }, (client) => {
    const upstream = connect(upstreamPort, '127.0.0.1')
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
  return { port: (proxy.address() as AddressInfo).port, close: () => void proxy.close() }
}

/** Another person on this server, created by people/ beside the running server. */
async function addPerson({ server }: TestSpace, person: Person) {
  const migrations = [...storageMigrations, ...serverMigrations]
  const db = await openDatabase<never>(join(server.dataDir, 'ownspace.db'), migrations)
  await createUser(db as never, person, Date.now())
  await db.destroy()
}

/** The answer that the recorder gives, exactly this text. */
const saying = (text: string) => {
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  return `answer=${Buffer.from(answer).toString('base64url')}`
}

describe.skipIf(missingBrowser !== null).each(['http', 'https'])('over %s, a domain', (scheme) => {
  let my: TestSpace
  let app: Pushed
  let folder: string
  let page: Page
  let port: number
  let closeProxy = () => {}
  const origin = () => `${scheme}://${CUSTOM}:${port}`
  const home = () => `${scheme}://${SERVER}:${port}`
  const hello = () => `${origin()}/hello?${saying('hello')}&from=there`

  beforeAll(async () => {
    names.txt.clear()
    folder = await mkdtemp(join(tmpdir(), 'ownspace-domains-'))
    if (scheme === 'https') {
      const plainPort = await freePort()
      const proxy = await startTlsProxy(folder, plainPort)
      port = proxy.port
      closeProxy = proxy.close
      ;({ my, app } = await startWithApp({ port: plainPort, args: ['--public-url', home()] }))
    } else {
      ;({ my, app } = await startWithApp())
      port = my.server.port
    }
    await addActive(my)
    page = await newVisitor()
    await page.goto(home())
    await fillIn(page, my.server.owner)
    await page.getByRole('list', { name: 'Apps' }).waitFor()
  })
  afterAll(async () => {
    closeProxy()
    await my?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test('is added in Home, proved, and removed there', async () => {
    const works = await my.push(await my.copyApp('tests/fixtures/works'))
    const second = `${scheme}://${SECOND}:${port}/`
    const openTab = () => page.goto(`${home()}/?app=${works.instance_id}&tab=domains`)

    await step('is added in Home, which says what to set in its DNS', async () => {
      await openTab()
      await page.getByText('No custom domains yet.').waitFor()
      await page.getByRole('button', { name: 'Add domain' }).click()
      await page.getByLabel('Domain', { exact: true }).fill(`app.${SERVER}`)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByRole('alert').waitFor()
      await page.getByLabel('Domain', { exact: true }).fill(SECOND.toUpperCase())
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      const records = page.getByRole('list', { name: `DNS records of ${SECOND}` })
      await records.waitFor()
      expect(await records.locator('code').allInnerTexts()).toEqual([
        `_deta.${SECOND}`,
        expect.stringMatching(/^deta-verification=[A-Za-z0-9]{32}$/),
        SECOND,
        SERVER,
      ])
    })

    await step('is not served while it waits', async () => {
      const visitor = await newVisitor()
      expect((await visitor.goto(second))!.status()).toBe(404)
      await visitor.context().close()
      await page.getByRole('button', { name: `Reload ${SECOND}` }).click()
      await page.getByText('No TXT record found yet').waitFor()
    })

    await step('becomes active with its proof', async () => {
      const [name, value] = await page
        .getByRole('list', { name: `DNS records of ${SECOND}` })
        .locator('code')
        .allInnerTexts()
      names.txt.set(name!, ['v=spf1 -all', value!])
      await page.getByRole('button', { name: `Reload ${SECOND}` }).click()
      await page.getByText('Verified & active').waitFor()
      expect((await page.goto(second))!.status()).toBe(200)
    })

    await step('is removed in Home, and answers no more', async () => {
      await openTab()
      await page.getByRole('button', { name: `Remove ${SECOND}` }).click()
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await page.getByText('No custom domains yet.').waitFor()
      expect((await page.goto(second))!.status()).toBe(404)
    })
  })

  test('opens for the owner without signing in, at the requested URL', async () => {
    await page.goto(hello())
    expect([page.url(), await page.innerText('body')]).toEqual([hello(), 'hello'])
  })

  test('asks a visitor to sign in first, also after a link on another site', async () => {
    const visitor = await newVisitor()
    const elsewhere = 'http://elsewhere.test/'
    await visitor.route(elsewhere, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<a href="${hello()}">go</a>` }),
    )
    await visitor.goto(elsewhere)
    await visitor.getByRole('link').click()
    await visitor.waitForURL(`${home()}/login?**`)
    await fillIn(visitor, my.server.owner)
    await visitor.waitForURL(hello())
    expect(await visitor.innerText('body')).toBe('hello')
    // Again with the session: the first page of the chain still belongs to another site.
    await visitor.goto(elsewhere)
    await visitor.getByRole('link').click()
    await visitor.waitForURL(hello())
    await visitor.context().close()
  })

  test('is the target of a log-in page that was opened with its address', async () => {
    const visitor = await newVisitor()
    await visitor.goto(`${home()}/login?${new URLSearchParams({ redirect_uri: hello() })}`)
    await fillIn(visitor, my.server.owner)
    await visitor.waitForURL(hello())
    expect(await visitor.innerText('body')).toBe('hello')
    await visitor.context().close()
  })

  test('has cookies of its own, which no page can read and no other host is sent', async () => {
    await page.goto(hello())
    const cookies = (await page.context().cookies()).filter(({ domain }) => domain.endsWith('example.test'))
    const session = cookies.find(({ name }) => name.endsWith('space_session'))!
    expect([session.domain, session.httpOnly, session.sameSite]).toEqual([CUSTOM, true, 'Lax'])
    expect([session.secure, session.name.startsWith('__Host-')]).toEqual([
      scheme === 'https',
      scheme === 'https',
    ])
  })

  test('is the host that the app receives', async () => {
    const { received } = (await (await page.goto(`${origin()}/recorded`))!.json()) as { received: string[] }
    expect(received.at(-1)).toContain(`X-Forwarded-Host: ${CUSTOM}:${port}\r\n`)
    expect(received.at(-1)).toContain(`X-Forwarded-Proto: ${scheme}\r\n`)
    expect(received.at(-1)).not.toMatch(/space_(session|login)/)
  })

  test('does not accept its session from a page of another origin', async () => {
    const visitor = await page.context().newPage()
    await visitor.goto(`${app.url}/page?${saying('<h1>sibling</h1>')}`)
    const read = await visitor.evaluate(
      (url) => fetch(url, { credentials: 'include' }).then(String, () => 'refused'),
      `${origin()}/stolen`,
    )
    expect(read).toBe('refused')
    const { received } = (await (await page.goto(`${origin()}/recorded`))!.json()) as { received: string[] }
    expect(received.filter((request) => request.includes('/stolen'))).toEqual([])
    await visitor.close()
  })

  test.each(['builtin', 'custom'])(
    'offers another person to switch accounts, which leads to the requested URL: %s host',
    async (host) => {
      const person = { ...OTHER, username: `${OTHER.username}-${host}` }
      await addPerson(my, person)
      const url = host === 'custom' ? hello() : `${app.url}/hello?${saying('hello')}&from=there`
      const visitor = await newVisitor()
      await visitor.goto(home())
      await fillIn(visitor, person)
      await visitor.getByRole('button', { name: person.username }).waitFor()
      const refused = await visitor.goto(url)
      expect([refused!.status(), new URL(visitor.url()).origin]).toEqual([403, home()])
      await visitor.getByRole('link', { name: 'Switch account' }).click()
      await visitor.getByRole('heading', { name: 'Switch account' }).waitFor()
      await fillIn(visitor, my.server.owner)
      await visitor.waitForURL(url)
      expect(await visitor.innerText('body')).toBe('hello')
      await visitor.context().close()
    },
  )

  test('is signed out with Home', async () => {
    const visitor = await newVisitor()
    await visitor.goto(hello())
    await fillIn(visitor, my.server.owner)
    await visitor.waitForURL(hello())
    await visitor.goto(home())
    await visitor.getByRole('button', { name: my.server.owner.username }).click()
    await visitor.getByRole('menuitem', { name: 'Sign out' }).click()
    await visitor.getByRole('heading', { name: 'Sign in' }).waitFor()
    await visitor.goto(hello())
    await visitor.waitForURL(`${home()}/login?**`)
    await visitor.context().close()
  })
})

describe('a domain', () => {
  let my: TestSpace
  let app: Pushed
  const host = () => `${CUSTOM}:${my.server.port}`
  const statusOf = async (path = '/public/x', at = host()) => (await my.server.request(at, path)).status

  beforeAll(async () => {
    ;({ my, app } = await startWithApp())
    await addActive(my)
  })
  afterAll(async () => await my?.[Symbol.asyncDispose]())

  test('has the rules of its app: public routes, keys, mounts, and a refusal for the rest', async () => {
    const answered = `/public/x?${saying('hello')}`
    expect(await (await my.server.request(host(), answered)).text()).toBe('hello')
    expect([await statusOf('/private'), await statusOf('/api/private')]).toEqual([401, 401])
    const { value } = await runJson<{ value: string }>(my, 'keys', 'create', 'recorder', '--name', 'x')
    const withKey = await my.server.request(host(), `/api/private?${saying('by key')}`, {
      headers: { 'X-Space-App-Key': value },
    })
    expect(await withKey.text()).toBe('by key')
  })

  test.each(['NOTES.example.test', 'notes.example.test.', 'notes.example.test:1'])(
    'is found as %s',
    async (name) => {
      expect(await statusOf(`/public/x?${saying('hello')}`, name)).toBe(200)
    },
  )

  test.each(['example.test', 'a.notes.example.test', 'notes.example.test.evil.test', 'xnotes.example.test'])(
    'is not %s',
    async (name) => {
      expect(await statusOf('/public/x', name)).toBe(404)
    },
  )

  test('is explained like the built-in one', async () => {
    const { stdout } = await my.run(['access', 'explain', 'GET', `http://${host()}/public/x`])
    expect(stdout).toContain('/public/*')
  })

  test('ends its sessions and streams when it is removed, and no others', async () => {
    const { server } = my
    const homeCookie = await signInAtHome(server, `${SERVER}:${server.port}`)
    const openStream = async (at: string) => {
      const cookie = await enterApp(server, at, homeCookie)
      const stream = await server.request(at, '/private?stream', { headers: { Cookie: cookie } })
      expect(stream.status).toBe(200)
      return { cookie, reader: stream.body!.getReader() }
    }
    const there = await openStream(host())
    const builtIn = await openStream(new URL(app.url).host)
    const first = await builtIn.reader.read()
    await runJson(my, 'domains', 'remove', 'recorder', CUSTOM)
    await expect(untilEnd(there.reader)).rejects.toThrow()
    expect([first.done, await statusOf()]).toEqual([false, 404])

    await addActive(my)
    const withCookie = (at: string, cookie: string) =>
      server.request(at, `/private?${saying('mine')}`, { headers: { Cookie: cookie } })
    expect((await withCookie(host(), there.cookie)).status).toBe(401)
    expect(await (await withCookie(new URL(app.url).host, builtIn.cookie)).text()).toBe('mine')
    await builtIn.reader.cancel()
  })

  test('continues after a restart', async () => {
    const { my: before } = await startWithApp()
    await using _ = before
    await addActive(before, SECOND)
    const { dataDir, port } = before.server
    await before.server.stop()
    const args = ['--domain', SERVER, '--listen', '127.0.0.1']
    await using again = await startTestServer({ dataDir, port, args })
    const answer = await again.request(`${SECOND}:${port}`, `/public/x?${saying('hello')}`)
    expect(await answer.text()).toBe('hello')
  })
})
