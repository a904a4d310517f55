/** The main job of a person: set up in a browser, push from a terminal, open, sign in, create a key, curl. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { type CommandOptions, spaceJson, startSpace } from './support/command.ts'
import { step } from './support/step.ts'
import { type TestServer, startTestServer } from './support/server.ts'

if (missingBrowser) console.warn(`SKIPPED: the main job in a browser. ${missingBrowser}`)

interface Pushed {
  readonly url: string
  readonly revision: string
  readonly instance_id: string
}

describe.skipIf(missingBrowser !== null)('the main job', () => {
  let server: TestServer
  let browser: Browser
  let page: Page
  let folder: string
  let terminal: CommandOptions
  let pushed: Pushed
  const violations: string[] = []
  const appFolder = () => join(folder, 'express')
  const appHost = () => new URL(pushed.url).host

  beforeAll(async () => {
    server = await startTestServer()
    folder = await mkdtemp(join(tmpdir(), 'ownspace-main-job-'))
    await cp(join(import.meta.dir, '../examples/express'), appFolder(), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    })
    terminal = { cwd: appFolder(), home: folder, env: { SPACE_ROOT: `${server.home}/api` } }
    browser = await launchBrowser()
    page = await browser.newPage()
    page.on(
      'console',
      (message) => message.text().includes('Content Security Policy') && violations.push(message.text()),
    )
  })

  afterAll(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test('is done step by step', async () => {
    await step('the first visit makes the owner, and only with the code from the terminal', async () => {
      await page.goto(server.home)
      await page.getByLabel('Set-up code').fill('WRONG-ONE')
      await page.getByLabel('Username').fill(server.owner.username)
      await page.getByLabel('Password', { exact: true }).fill(server.owner.password)
      await page.getByRole('button', { name: 'Create your space' }).click()
      await page.getByRole('alert').waitFor()

      await page.getByLabel('Set-up code').fill(server.setupCode)
      await page.getByRole('button', { name: 'Create your space' }).click()
      await page.getByRole('heading', { name: 'Your space is ready' }).waitFor()
    })

    await step('a terminal signs in by an approval in the browser', async () => {
      const login = startSpace(['login', '--server', server.home], {
        ...terminal,
        env: { BROWSER: 'none' },
      })
      const [, url, code] = await login.printed(/(http:\S+\/cli)\s+Code: ([A-Z]{4}-[A-Z]{4})/)
      await page.goto(url!)
      await page.getByLabel('Code').fill(code!)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.getByRole('heading', { name: 'Connected' }).waitFor()
      expect(await login.ended).toMatchObject({ exitCode: 0 })
    })

    await step('a push prints an address, and the app appears on the Horizon', async () => {
      pushed = await spaceJson<Pushed>(['push'], terminal)
      expect(pushed.url).toMatch(/^http:\/\/[a-z0-9-]+\.space\.localhost:\d+$/)
      await page.goto(server.home)
      await page.getByRole('list', { name: 'Apps' }).getByRole('link').waitFor()
      expect(await page.getByRole('link', { name: /Private/ }).getAttribute('href')).toBe(pushed.url)
    })

    await step('the app is private: a stranger is sent to sign in or gets 401', async () => {
      const answer = await server.request(appHost(), '/ping')
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ errors: ['Unauthorized'] })

      const navigation = await server.request(appHost(), '/ping', { headers: { Accept: 'text/html' } })
      expect(navigation.status).toBe(302)
      expect(navigation.headers.get('location')).toStartWith(
        `http://space.localhost:${server.port}/auth/handoff?`,
      )
    })

    await step('the owner lands where they wanted to go, query and all', async () => {
      await page.goto(`${pushed.url}/ping?from=test`)
      expect(page.url()).toBe(`${pushed.url}/ping?from=test`)
      expect(await page.locator('body').innerText()).toBe('pong')
    })

    await step('another browser signs in first and lands there as well', async () => {
      const other = await (await browser.newContext()).newPage()
      await other.goto(`${pushed.url}/ping?from=other`)
      await other.getByLabel('Username or e-mail').fill(server.owner.username)
      await other.getByLabel('Password', { exact: true }).fill(server.owner.password)
      await other.getByRole('button', { name: 'Sign in' }).click()
      await other.waitForURL(`${pushed.url}/ping?from=other`)
      expect(await other.locator('body').innerText()).toBe('pong')
      await other.context().close()
    })

    await step('public_routes opens /ping and nothing else', async () => {
      await editSpacefile(appFolder(), '    public_routes:\n      - "/ping"\n')
      pushed = await spaceJson<Pushed>(['push', '--yes'], terminal)
      expect(await (await server.request(appHost(), '/ping')).text()).toBe('pong')
      for (const path of [
        '/',
        '/ping/',
        '/ping/x',
        '/pingx',
        '/Ping',
        '/x/../ping',
        '/%70ing',
        '//ping',
        '/ping%2f',
      ])
        expect([path, (await rawStatus(server.port, appHost(), path)) >= 400]).toEqual([path, true])
    })

    await step('a key made in Home opens the private route, until it is deleted', async () => {
      await editSpacefile(appFolder(), '    presets:\n      api_keys: true\n')
      pushed = await spaceJson<Pushed>(['push', '--yes'], terminal)

      await page.goto(server.home)
      await page.getByRole('button', { name: /^More about/ }).click()
      await page.getByRole('menuitem', { name: 'Settings' }).click()
      await page.getByRole('tab', { name: 'Keys' }).click()
      await page.getByRole('button', { name: 'Create new API key' }).click()
      await page.getByLabel('Name of the key').fill('backup')
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      const key = (await page.locator('code').first().innerText()).trim()

      const withKey = () => server.request(appHost(), '/', { headers: { 'X-Space-App-Key': key } })
      expect(await (await withKey()).text()).toBe('Hello world using Express.')
      expect(
        (await server.request(appHost(), '/', { headers: { 'X-Space-App-Key': `${key}x` } })).status,
      ).toBe(401)

      await page.getByRole('button', { name: 'Delete backup' }).click()
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByText('No keys yet.').waitFor()
      expect((await withKey()).status).toBe(401)
    })

    await step('signing out at Home ends the session of the app, too', async () => {
      await page.goto(server.home)
      await page.getByRole('button', { name: server.owner.username }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await page.goto(`${pushed.url}/`)
      await page.waitForURL(/\/login\?/)
    })

    await step('no page of Home asked for more than its policy allows', () => {
      expect(violations).toEqual([])
    })
  })
})

async function editSpacefile(folder: string, addition: string) {
  const path = join(folder, 'Spacefile')
  await Bun.write(path, `${(await Bun.file(path).text()).trimEnd()}\n${addition}`)
}

/** Status of a request whose path is sent exactly as written. */
async function rawStatus(port: number, host: string, path: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  let head = ''
  await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      open: (socket) =>
        void socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      data: (_, chunk) => void (head += chunk.toString('latin1')),
      close: () => resolve(Number(head.split(' ')[1])),
    },
  })
  return await promise
}
