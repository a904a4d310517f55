/**
 * A page of a hostile app fills the browser with cookies for the whole domain: large ones, so that no request fits, or so
 * many that the browser gives up others. The person must get back to Home and to every app without help.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from '../support/browser.ts'
import { answering, head, type Lab, signInAtHome, startLab } from './support/attack-harness.ts'

let lab: Lab
let hostile: string
let browser: Browser

beforeAll(async () => {
  if (missingBrowser) return
  lab = await startLab()
  hostile = (await lab.pushAnother('hostile')).url
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await lab?.[Symbol.asyncDispose]()
})

/** A browser that is signed in at Home and in the app. */
async function signedIn(): Promise<{ context: BrowserContext; page: Page } & AsyncDisposable> {
  const [name = '', value = ''] = (await signInAtHome(lab.server, lab.homeHost)).split('=')
  const context = await browser.newContext()
  const options = { path: '/', httpOnly: true, sameSite: 'Lax' as const }
  await context.addCookies([{ name, value, domain: 'space.localhost', ...options }])
  const page = await context.newPage()
  await page.goto(`${lab.app.url}/first`)
  expect(await page.locator('body').innerText()).toBe('secret of web')
  return { context, page, [Symbol.asyncDispose]: () => context.close() }
}

interface Bomb {
  readonly count: number
  readonly size: number
  readonly attributes: string
}

async function explode(page: Page, bomb: Bomb): Promise<void> {
  const html = '<!doctype html><title>hostile</title>'
  const lines = ['HTTP/1.1 200 OK', 'Content-Type: text/html', `Content-Length: ${html.length}`]
  await page.goto(hostile + answering('/public/page', head(...lines) + html))
  const set = await page.evaluate(({ count, size, attributes }) => {
    for (let at = 0; at < count; at++)
      document.cookie = `bomb${at}=${'x'.repeat(size)}; Domain=space.localhost; ${attributes}`
    return document.cookie.length
  }, bomb)
  if (bomb.attributes === 'Path=/') expect(set).toBeGreaterThan(1_000)
}

/** Opens the address, helps itself as its page says, and gives what is there then. */
async function getBackTo(page: Page, address: string): Promise<string> {
  const first = await page.goto(address)
  expect(first!.status()).toBe(431)
  const again = page.getByRole('link', { name: 'Open the page again' })
  const [answer] = await Promise.all([page.waitForResponse(address), again.click()])
  expect(answer.status()).toBe(200)
  await page.waitForLoadState()
  return page.locator('body').innerText()
}

const BOMBS: readonly (readonly [string, Bomb, string])[] = [
  ['a dozen large cookies', { count: 12, size: 4_000, attributes: 'Path=/' }, '/'],
  ['as many as the browser keeps', { count: 170, size: 4_000, attributes: 'Path=/' }, '/'],
  ['cookies of one path', { count: 12, size: 4_000, attributes: 'Path=/deep/page' }, '/deep/page'],
]

describe.skipIf(missingBrowser !== null)('a page of a hostile app sets', () => {
  test.each(BOMBS)('%s: one click, and the app is there, still signed in', async (_, bomb, path) => {
    await using victim = await signedIn()
    await explode(victim.page, bomb)
    expect(await getBackTo(victim.page, lab.app.url + path)).toBe('secret of web')
  })

  test('a dozen large cookies: one click, and Home is there, still signed in', async () => {
    await using victim = await signedIn()
    await explode(victim.page, BOMBS[0]![1])
    await getBackTo(victim.page, `http://${lab.homeHost}/`)
    const status = await victim.page.evaluate(async () => (await fetch('/api/v0/status')).json())
    expect((status as { user: { username: string } | null }).user?.username).toBe(lab.server.owner.username)
    await victim.page.goto(`${lab.app.url}/after`)
    expect(await victim.page.locator('body').innerText()).toBe('secret of web')
  })

  test('cookies that just fit into a request: Home is there at once', async () => {
    await using victim = await signedIn()
    await explode(victim.page, { count: 7, size: 4_000, attributes: 'Path=/' })
    const answer = await victim.page.goto(`http://${lab.homeHost}/`)
    expect(answer!.status()).toBe(200)
    const status = await victim.page.evaluate(async () => (await fetch('/api/v0/status')).json())
    expect((status as { user: { username: string } | null }).user?.username).toBe(lab.server.owner.username)
  })

  test('cookies that the gateway takes and the app’s own server does not: one click', async () => {
    await using victim = await signedIn()
    const folder = join(lab.space.folder, 'served')
    await mkdir(folder)
    const server =
      "require('node:http').createServer((_, answer) => answer.end('served')).listen(process.env.PORT)"
    await Bun.write(join(folder, 'index.js'), server)
    const micro = '{ name: web, src: ., engine: nodejs20, run: node index.js }'
    await Bun.write(join(folder, 'Spacefile'), `v: 0\nmicros:\n  - ${micro}\n`)
    const { url } = await lab.space.push(folder)
    await explode(victim.page, { count: 6, size: 4_000, attributes: 'Path=/' })
    await victim.page.goto(`http://${lab.homeHost}/`)
    expect(await getBackTo(victim.page, `${url}/`)).toBe('served')
  })

  test('more small cookies than the browser keeps: the person stays signed in', async () => {
    await using victim = await signedIn()
    await explode(victim.page, { count: 340, size: 10, attributes: 'Path=/' })
    await victim.page.goto(`${lab.app.url}/after`)
    expect(await victim.page.locator('body').innerText()).toBe('secret of web')
    const names = (await victim.context.cookies(lab.app.url)).map(({ name }) => name)
    expect(names).toContain('space_session')
  })
})
