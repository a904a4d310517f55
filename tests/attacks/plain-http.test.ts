/**
 * ATTACKS D where browsers say least: plain http under a name that is not localhost has no Fetch Metadata, so that nothing
 * tells a page of a sibling app from the app itself. A real browser, whose person is signed in, opens a hostile app.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from '../support/browser.ts'
import { answering, head, type Lab, startLab } from './support/attack-harness.ts'

const DOMAIN = 'cloud.test'

let lab: Lab
let hostile: string
let browser: Browser
let context: BrowserContext
let page: Page
beforeAll(async () => {
  if (missingBrowser) return
  lab = await startLab({ args: ['--domain', DOMAIN] })
  hostile = (await lab.pushAnother('hostile')).url
  browser = await launchBrowser(DOMAIN)
  context = await browser.newContext()
  const [name = '', value = ''] = lab.homeCookie.split('=')
  await context.addCookies([{ name, value, domain: DOMAIN, path: '/', httpOnly: true, sameSite: 'Lax' }])
  const first = await context.newPage()
  await first.goto(`${lab.app.url}/first`)
  expect(await first.locator('body').innerText()).toBe('secret of web')
})
afterAll(async () => {
  await browser?.close()
  await lab?.[Symbol.asyncDispose]()
})

beforeEach(async () => {
  if (missingBrowser) return
  page = await context.newPage()
  await received()
})
afterEach(async () => await page?.close())

const received = async () => (await lab.received()).filter((raw) => !raw.startsWith('GET /favicon.ico '))

/** The address of an answer of the app. */
const at = (url: string, path: string, type: string, body: string, ...fields: readonly string[]) =>
  url +
  answering(
    path,
    head('HTTP/1.1 200 OK', `Content-Type: ${type}`, ...fields, `Content-Length: ${body.length}`) + body,
  )

const html = (body: string) => `<!doctype html><title>page</title>${body}`
const pageAt = (url: string, body = '') => at(url, '/public/page', 'text/html', html(body))

/** Which of these a page could load: it asks for a script, an image, a style sheet and a font. */
async function load({ script, image, style }: Record<'script' | 'image' | 'style', string>) {
  const loaded: string[] = []
  const settled = (element: HTMLElement, name: string) =>
    new Promise<void>((done) => {
      element.addEventListener('load', () => (loaded.push(name), done()))
      element.addEventListener('error', () => done())
      document.body.append(element)
    })
  await Promise.all([
    settled(Object.assign(document.createElement('script'), { src: script }), 'script'),
    settled(Object.assign(new Image(), { src: image }), 'image'),
    settled(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: style }), 'style'),
  ])
  return loaded
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
const parts = (...fields: readonly string[]) => ({
  script: at(lab.app.url, '/data.js', 'text/javascript', 'window.secret = 1', ...fields),
  image: at(lab.app.url, '/photo.svg', 'image/svg+xml', SVG, ...fields),
  style: at(lab.app.url, '/style.css', 'text/css', 'body{}', ...fields),
})

describe.skipIf(missingBrowser !== null)('on plain http, what is private of an app', () => {
  test('is asked for without Fetch Metadata, or these tests would show nothing', async () => {
    await page.goto(pageAt(lab.app.url))
    await page.evaluate(load, parts())
    expect((await received()).filter((raw) => /^sec-fetch-/im.test(raw))).toEqual([])
  })

  test('is loaded by its own pages', async () => {
    await page.goto(pageAt(lab.app.url))
    expect((await page.evaluate(load, parts())).sort()).toEqual(['image', 'script', 'style'])
  })

  test('is not loaded by a page of a hostile app', async () => {
    await page.goto(pageAt(hostile))
    expect(await page.evaluate(load, parts())).toEqual([])
    expect(await page.evaluate(() => 'secret' in window)).toBe(false)
  })

  test('is loaded by others only if the app says so', async () => {
    await page.goto(pageAt(hostile))
    const shared = parts('Cross-Origin-Resource-Policy: same-site')
    expect((await page.evaluate(load, shared)).sort()).toEqual(['image', 'script', 'style'])
  })

  const framed = async (frame: string, ...fields: readonly string[]) => {
    const address = at(lab.app.url, '/admin', 'text/html', html('<p>delete everything</p>'), ...fields)
    await page.goto(pageAt(frame))
    await page.evaluate(addFrame, address)
    const text = await page
      .frames()[1]!
      .evaluate(() => document.body.innerText)
      .catch(() => 'blocked')
    return text.includes('delete everything')
  }

  test('is framed by its own pages, and by no hostile one', async () => {
    expect(await framed(lab.app.url)).toBe(true)
    expect(await framed(hostile)).toBe(false)
  })

  test('is framed by others only if the app says so', async () => {
    expect(await framed(hostile, `Content-Security-Policy: frame-ancestors http://*.${DOMAIN}:*`)).toBe(true)
  })

  test('what is public is loaded and framed by any page', async () => {
    await page.goto(pageAt(hostile))
    const open = Object.fromEntries(
      Object.entries(parts()).map(([name, url]) => [name, url.replace(/\/(?=[^/]*\?)/, '/public/')]),
    ) as ReturnType<typeof parts>
    expect((await page.evaluate(load, open)).sort()).toEqual(['image', 'script', 'style'])
    await page.evaluate(addFrame, pageAt(lab.app.url, '<p>hello</p>'))
    expect(await page.frames()[1]!.evaluate(() => document.body.innerText)).toBe('hello')
  })

  test('a form whose session has ended leads back to its page, and nothing was sent', async () => {
    const form = '<form method="POST" action="/save"><input name="text" value="kept to myself"></form>'
    const address = at(lab.app.url, '/edit', 'text/html', html(form))
    await page.goto(address)
    await context.clearCookies({ name: 'space_session' })
    await received()
    const back = page.waitForResponse((answer) => answer.url() === address)
    await page.evaluate(() => document.forms[0]!.submit())
    expect((await back).status()).toBe(200)
    const requests = await received()
    expect(requests.map((raw) => raw.split(/[ ?]/, 2).join(' '))).toEqual(['GET /edit'])
    expect(requests.join()).not.toContain('kept')
  })
})

function addFrame(address: string): Promise<void> {
  const frame = Object.assign(document.createElement('iframe'), { src: address })
  document.body.append(frame)
  return new Promise((done) => frame.addEventListener('load', () => done()))
}
