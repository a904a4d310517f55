/** Only the owner can install a private app with a web manifest, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { startTestSpace, type TestSpace } from './support/space.ts'

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
const MANIFEST = JSON.stringify({
  name: 'Private notes',
  start_url: '/',
  display: 'standalone',
  icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
})
const PAGE =
  '<!doctype html><head><title>page</title><link rel="manifest" href="/app.webmanifest"></head><p>page'
const SERVER = `const files = ${JSON.stringify({
  '/': ['text/html', PAGE],
  '/app.webmanifest': ['application/manifest+json', MANIFEST],
  '/icon.svg': ['image/svg+xml', ICON],
})}
require('node:http').createServer((request, answer) => {
  const [type, body] = files[request.url] ?? ['text/plain', 'none']
  answer.setHeader('Content-Type', type)
  answer.end(body)
}).listen(process.env.PORT)
`
const APPS = {
  static: {
    engine: 'static\n    serve: .',
    files: { 'index.html': PAGE, 'app.webmanifest': MANIFEST, 'icon.svg': ICON },
  },
  served: { engine: 'nodejs20\n    run: node index.js', files: { 'index.js': SERVER } },
}

let space: TestSpace
let browser: Browser
const urls = new Map<string, Promise<string>>()

beforeAll(async () => {
  if (missingBrowser) return
  space = await startTestSpace()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await space?.[Symbol.asyncDispose]()
})

/** The address of the app, which is pushed at the first call. */
function urlOf(name: keyof typeof APPS): Promise<string> {
  const url = urls.get(name) ?? push(name)
  urls.set(name, url)
  return url
}

async function push(name: keyof typeof APPS): Promise<string> {
  const { engine, files } = APPS[name]
  const folder = join(space.folder, name)
  await mkdir(folder)
  const spacefile = `v: 0\nmicros:\n  - name: web\n    src: .\n    engine: ${engine}\n`
  for (const [file, text] of Object.entries({ ...files, Spacefile: spacefile }))
    await Bun.write(join(folder, file), text)
  return (await space.push(folder)).url
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Username or e-mail').fill(space.server.owner.username)
  await page.getByLabel('Password', { exact: true }).fill(space.server.owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('page', { exact: true }).waitFor()
}

describe.skipIf(missingBrowser !== null)('the manifest of a private app', () => {
  test.each(['static', 'served'] as const)('that is %s is read by the browser of its owner', async (name) => {
    const url = await urlOf(name)
    await using context = await browser.newContext()
    const page = await context.newPage()
    await open(page, url)
    const devtools = await context.newCDPSession(page)
    const manifest = await devtools.send('Page.getAppManifest')
    expect(manifest.errors).toEqual([])
    expect(JSON.parse(manifest.data ?? 'null')).toMatchObject({ name: 'Private notes' })
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    // A context of its own counts as private browsing, where nothing is installed; all else is as it must be.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
  })

  test('stays closed to strangers', async () => {
    const { host } = new URL(await urlOf('static'))
    const answer = await space.server.request(host, '/app.webmanifest')
    expect(answer.status).toBe(401)
  })
})
