/** Pages of apps use their data with the SDK of Deta Space, unchanged, in a real browser, over plain http and https. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Deta } from 'deta-2.0'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import {
  temporaryCertificates,
  type TemporaryCertificates,
} from '../src/tls/testing/temporary-certificates.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { spaceJson } from './support/command.ts'
import { startTestSpace, type TestSpace } from './support/space.ts'

const NAMES = ['space.localhost', '*.space.localhost', 'localhost']
const SDK = join(import.meta.dir, '../node_modules/deta-2.0/dist/index.browser.js')
const PAGE = '<!doctype html><html lang="en"><head><title>t</title></head><p>page'
/** Each kind of page of a server process, by its path. */
const SERVER = `const { gzipSync } = require('node:zlib')
const page = ${JSON.stringify(PAGE)}
require('node:http').createServer((request, answer) => {
  answer.setHeader('Content-Type', 'text/html')
  if (request.url === '/guarded') {
    answer.setHeader('Content-Security-Policy', "default-src 'none'")
    return answer.end(page)
  }
  if (request.url === '/streamed') {
    answer.write('<!doctype html>')
    return setTimeout(() => answer.end(page.slice(15)), 50)
  }
  if (!/gzip/.test(request.headers['accept-encoding'])) return answer.end(page)
  answer.setHeader('Content-Encoding', 'gzip')
  answer.end(gzipSync(page))
}).listen(process.env.PORT)
`
const SPACEFILE = (more: string) => `v: 0
${more}micros:
  - name: web
    src: web
    engine: static
    serve: .
    primary: true
    public_routes: ['/open.html', '/sdk.js']
  - name: pages
    src: pages
    engine: nodejs20
    run: node index.js
    path: /pages
`

let certificates: TemporaryCertificates
let browser: Browser
const spaces: TestSpace[] = []

beforeAll(async () => {
  if (missingBrowser) return
  certificates = temporaryCertificates(NAMES)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  for (const space of spaces) await space[Symbol.asyncDispose]()
  certificates?.[Symbol.dispose]()
})

async function push(space: TestSpace, name: string, more = ''): Promise<string> {
  const folder = join(space.folder, name)
  for (const micro of ['web', 'pages']) mkdirSync(join(folder, micro), { recursive: true })
  copyFileSync(SDK, join(folder, 'web/sdk.js'))
  const opening = PAGE.replace('<head>', '<head><script src="/__space/v0/runtime.js"></script>')
  await Bun.write(join(folder, 'web/index.html'), PAGE)
  await Bun.write(join(folder, 'web/open.html'), opening)
  await Bun.write(join(folder, 'pages/index.js'), SERVER)
  await Bun.write(join(folder, 'Spacefile'), SPACEFILE(more))
  return (await space.push(folder)).url
}

async function signIn(context: BrowserContext, space: TestSpace, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel('Username or e-mail').fill(space.server.owner.username)
  await page.getByLabel('Password', { exact: true }).fill(space.server.owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('page', { exact: true }).waitFor()
  return page
}

async function newDataKey(space: TestSpace): Promise<string> {
  const { collections } = await spaceJson<{ collections: { id: string; kind: string }[] }>(
    ['collections', 'list'],
    space.terminal,
  )
  const { id } = collections.find(({ kind }) => kind === 'app')!
  return (await spaceJson<{ value: string }>(['data-keys', 'create', id, '--name', 'page'], space.terminal))
    .value
}

/** What the SDK does in the page, with a key or, as in an app of its own, without one. */
const useData = (page: Page, key?: string) =>
  page.evaluate(async (dataKey) => {
    const sdk = (await import(new URL('/sdk.js', location.href).href)) as { Deta: typeof Deta }
    const deta = dataKey === undefined ? sdk.Deta() : sdk.Deta(dataKey)
    const base = deta.Base('todo list')
    const drive = deta.Drive('files')
    try {
      await base.put({ done: false }, 'a/b c%')
      await base.update({ done: true }, 'a/b c%')
      await drive.put('b/ä.txt', { data: 'stored', contentType: 'text/plain' })
      const file = await drive.get('b/ä.txt')
      if (file === null) throw new Error('there is no file')
      return {
        item: await base.get('a/b c%'),
        found: (await base.fetch({ done: true })).count,
        file: await file.text(),
        names: (await drive.list()).names,
      }
    } catch (error) {
      return String(error)
    }
  }, key)

const DONE = { item: { done: true, key: 'a/b c%' }, found: 1, file: 'stored', names: ['b/ä.txt'] }

describe.skipIf(missingBrowser !== null).each(['http', 'https'] as const)('over %s', (scheme) => {
  let space: TestSpace
  let url: string
  let key: string
  beforeAll(async () => {
    space = await startTestSpace(scheme === 'https' ? { tls: certificates.files[0]! } : {})
    spaces.push(space)
    url = await push(space, 'shop')
    key = await newDataKey(space)
  })
  const newContext = () => browser.newContext({ ignoreHTTPSErrors: true })

  test('a page of its signed-in user stores and reads without a key, and with one', async () => {
    await using context = await newContext()
    const page = await signIn(context, space, url)
    const foreign: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(url).host) foreign.push(request.url())
    })
    expect(await page.evaluate(() => document.compatMode)).toBe('CSS1Compat')
    expect(await useData(page)).toEqual(DONE)
    expect(await useData(page, key)).toEqual(DONE)
    for (const path of ['/pages/', '/pages/streamed']) {
      await page.goto(url + path)
      expect(await useData(page, key)).toEqual(DONE)
    }
    expect(foreign).toEqual([])
  })

  test('fetch, Request and XMLHttpRequest reach the data hosts by all their names', async () => {
    await using context = await newContext()
    const page = await signIn(context, space, url)
    const [id] = key.split('_')
    const statuses = await page.evaluate(
      async ({ collection, value }) => {
        const headers = { 'X-API-Key': value, 'Content-Type': 'application/json' }
        const query = `https://database.deta.space/v1/${collection}/todo/query`
        const byXhr = new Promise<number>((resolve) => {
          const request = new XMLHttpRequest()
          request.open('POST', query)
          for (const [name, text] of Object.entries(headers)) request.setRequestHeader(name, text)
          request.onloadend = () => resolve(request.status)
          request.send('{}')
        })
        const init = { method: 'POST', headers, body: '{}' }
        const made = new Request(new URL(query), init)
        return [
          await byXhr,
          (await fetch(made.clone())).status,
          made.clone() instanceof Request,
          (await fetch(`https://drive.deta.sh/v1/${collection}/f/files`, { headers })).status,
          (await fetch(query, { ...init, headers: { ...headers, 'X-API-Key': `${collection}_wrong` } }))
            .status,
        ]
      },
      { collection: id!, value: key },
    )
    expect(statuses).toEqual([200, 200, true, 200, 401])
  })

  test('a stranger on a public page has the key that he sends, and nothing else', async () => {
    await using context = await newContext()
    const page = await context.newPage()
    await page.goto(`${url}/open.html`)
    expect(await useData(page)).toBe('Error: Unauthorized')
    expect(await useData(page, `${key.split('_')[0]}_wrong`)).toBe('Error: Unauthorized')
    expect(await useData(page, key)).toEqual(DONE)
  })

  test('a page whose policy allows no script is as the app sent it', async () => {
    await using context = await newContext()
    const page = await signIn(context, space, url)
    const answer = await page.goto(`${url}/pages/guarded`)
    expect(await answer!.text()).toBe(PAGE)
    expect(answer!.headers()['content-security-policy']).toBe("default-src 'none'")
  })
})

test.skipIf(missingBrowser !== null)('with `auto_pwa: false` pages are as the app sent them', async () => {
  const space = await startTestSpace()
  spaces.push(space)
  const url = await push(space, 'plain', 'auto_pwa: false\n')
  await using context = await browser.newContext()
  const page = await signIn(context, space, url)
  for (const path of ['/', '/pages/']) expect(await (await page.goto(url + path))!.text()).toBe(PAGE)
})
