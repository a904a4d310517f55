/** A page of another origin calls an app with a key that the owner created for it, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type Lab, startLab } from './attacks/support/attack-harness.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'

let lab: Lab
let browser: Browser
let elsewhere: { origin: string; stop(): void }
let value: string

beforeAll(async () => {
  if (missingBrowser) return
  lab = await startLab()
  browser = await launchBrowser()
  const html = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: html })
  elsewhere = { origin: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) }
  const keys = `/instances/${lab.app.instance_id}/api_keys`
  const answer = await lab.home('POST', keys, { name: 'page', origins: [elsewhere.origin] })
  value = ((await answer.json()) as { value: string }).value
})
afterAll(async () => {
  await browser?.close()
  elsewhere?.stop()
  await lab?.[Symbol.asyncDispose]()
})

/** Status of what the page can read, or what stopped it. */
const ask = (page: Page, path: string, method: string): Promise<string> =>
  page.evaluate(
    async ({ url, key, verb }) => {
      const headers = { 'X-Space-App-Key': key, 'Content-Type': 'application/json' }
      const init = { method: verb, headers, body: verb === 'GET' ? null : '{}' }
      try {
        const answer = await fetch(url, init)
        return `${answer.status} ${(await answer.text()).slice(0, 20)}`
      } catch (error) {
        return (error as Error).name
      }
    },
    { url: lab.app.url + path, key: value, verb: method },
  )

describe.skipIf(missingBrowser !== null)('a page', () => {
  test('of the origin that the key is for reads answers, whatever the method', async () => {
    await using context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(elsewhere.origin)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      expect(await ask(page, '/api/notes', method)).toStartWith('200 ')
    const requests = await lab.received()
    expect(requests.map((raw) => raw.split(' ')[0])).toEqual(['GET', 'POST', 'PUT', 'DELETE'])
  })

  test('of that origin cannot reach a micro that does not accept keys', async () => {
    await using context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(elsewhere.origin)
    expect(await ask(page, '/admin', 'GET')).toBe('TypeError')
    expect(await lab.received()).toEqual([])
  })

  test('of another origin that has stolen the key reaches nothing', async () => {
    await using context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(elsewhere.origin.replace('127.0.0.1', 'localhost'))
    for (const method of ['GET', 'POST']) expect(await ask(page, '/api/notes', method)).toBe('TypeError')
    expect(await lab.received()).toEqual([])
  })
})
