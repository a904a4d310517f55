/**
 * What an owner does in Home about who gets in: close, reopen, restrict a key, ask why, sign another device out. No screen
 * asks for more than the policy of Home allows.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { step } from './support/step.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

if (missingBrowser) console.warn(`SKIPPED: the screens of access. ${missingBrowser}`)

describe.skipIf(missingBrowser !== null)('in Home', () => {
  let my: TestSpace
  let browser: Browser
  let page: Page
  let pushed: Pushed
  const violations: string[] = []
  const get = (path: string, headers: Record<string, string> = {}) =>
    my.server.request(new URL(pushed.url).host, path, { headers })
  const openTab = (tab: string) => page.goto(`${my.server.home}/?app=${pushed.instance_id}&tab=${tab}`)

  async function signIn(): Promise<Page> {
    const fresh = await (await browser.newContext()).newPage()
    await fresh.goto(my.server.home)
    await fillIn(fresh)
    await fresh.getByRole('list', { name: 'Apps' }).waitFor()
    return fresh
  }
  async function fillIn(form: Page) {
    await form.getByLabel('Username or e-mail').fill(my.server.owner.username)
    await form.getByLabel('Password', { exact: true }).fill(my.server.owner.password)
    await form.getByRole('button', { name: 'Sign in' }).click()
  }

  beforeAll(async () => {
    my = await startTestSpace()
    const app = await my.copyApp('examples/express')
    const spacefile = Bun.file(`${app}/Spacefile`)
    const opened = '    public_routes:\n      - "/ping"\n    presets:\n      api_keys: true\n'
    await Bun.write(spacefile, `${(await spacefile.text()).trimEnd()}\n${opened}`)
    pushed = await my.push(app)
    browser = await launchBrowser()
    page = await signIn()
    page.on(
      'console',
      (message) => message.text().includes('Content Security Policy') && violations.push(message.text()),
    )
  })

  afterAll(async () => {
    await browser?.close()
    await my?.[Symbol.asyncDispose]()
  })

  afterEach(() => {
    expect(violations).toEqual([])
  })

  const ping = () => page.getByRole('switch', { name: '/ping is public' })

  test('a public route is closed and reopened', async () => {
    await step('a public route has a switch, and what was used is counted', async () => {
      expect((await get('/ping')).status).toBe(200)
      await openTab('access')
      await ping().waitFor()
      expect(await ping().getAttribute('aria-checked')).toBe('true')
      await page.getByText(/\d+ uses?, last/).waitFor()
    })

    await step('closing it holds for the next request of a stranger', async () => {
      await ping().click()
      await page.getByText('closed by you').waitFor()
      expect((await get('/ping')).status).toBe(401)
      await page.getByText('Nothing is public.').waitFor()
    })

    await step('it stays closed when the app is pushed again', async () => {
      await my.push(`${my.folder}/express`)
      expect((await get('/ping')).status).toBe(401)
    })

    await step('reopening says what it opens, and can be left', async () => {
      await openTab('access')
      await ping().click()
      await page.getByText('Anyone will be able to open /ping').waitFor()
      await page.getByRole('button', { name: 'Keep closed' }).click()
      expect((await get('/ping')).status).toBe(401)

      await ping().click()
      await page.getByRole('button', { name: 'Reopen' }).click()
      await page.getByText('open since').waitFor()
      expect((await get('/ping')).status).toBe(200)
    })
  })

  test('the data of an app is limited for strangers by a switch, which keeps limits to some Bases', async () => {
    const path = `/api/v0/instances/${pushed.instance_id}/access/data`
    const limits = () =>
      page.evaluate(async (url) => ((await (await fetch(url)).json()) as { limits: unknown }).limits, path)
    const change = page.getByRole('switch', { name: 'Strangers may change data' })
    const isOn = (on: boolean) =>
      page.locator(`[aria-label="Strangers may change data"][aria-checked="${on}"]`)
    await openTab('access')
    await change.click()
    await isOn(false).waitFor()
    const read = { read_only: true, bases: null, drives: null, needs_identity: false }
    expect(await limits()).toEqual(read)
    await change.click()
    await isOn(true).waitFor()
    expect(await limits()).toBeNull()

    await my.run(['access', 'data', pushed.instance_id, '--read-only', '--base', 'guests'])
    await page.reload()
    await isOn(false).waitFor()
    await change.click()
    await isOn(true).waitFor()
    expect(await limits()).toEqual({ ...read, read_only: false, bases: ['guests'], drives: [] })
  })

  test('a path that is kept private stays so beside a public route, until it is removed', async () => {
    await openTab('access')
    await page.getByRole('button', { name: 'Keep a path private' }).click()
    await page.getByLabel('Paths to keep private').fill('/p*')
    await page.getByRole('button', { name: 'Keep private', exact: true }).click()
    await page.getByRole('button', { name: 'Remove /p*' }).waitFor()
    expect((await get('/ping')).status).toBe(401)

    await page.getByRole('button', { name: 'Remove /p*' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('button', { name: 'Remove /p*' }).waitFor({ state: 'detached' })
    expect((await get('/ping')).status).toBe(200)
  })

  test('an invalid pattern is reported, and changes nothing', async () => {
    await openTab('access')
    await page.getByRole('button', { name: 'Keep a path private' }).click()
    await page.getByLabel('Paths to keep private').fill('/(a|b)+')
    await page.getByRole('button', { name: 'Keep private', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect((await get('/ping')).status).toBe(200)
  })

  const ask = async (path: string) => {
    await page.getByLabel('Path of the request').fill(path)
    await page.getByRole('button', { name: 'Explain' }).click()
  }

  test('a request is explained in the spelling that was typed', async () => {
    await openTab('access')
    await ask('/ping')
    await page.getByText('Public: anyone may open this').waitFor()
    await ask('/%70ing')
    await page.getByText('Private: a session or an API key is needed.').waitFor()
    await page.getByText('never public').first().waitFor()
    await ask('/x')
    await page.getByText('How to change this').waitFor()
  })

  test('a request is explained by its whole address, and no answer outlives its question', async () => {
    await openTab('access')
    await ask('/x')
    await page.getByText('How to change this').waitFor()
    await page.getByLabel('Path of the request').fill(`${pushed.url}/ping`)
    await page.getByText('How to change this').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByText('Public: anyone may open this').waitFor()
  })

  test('a key is made with a limit, and replaced', async () => {
    let key: string

    await step('a key is made with a limit, and opens no more than that', async () => {
      await openTab('keys')
      await page.getByRole('button', { name: 'Create new API key' }).click()
      await page.getByLabel('Name of the key').fill('narrow')
      await page.getByText('Restrict', { exact: true }).click()
      await page.getByText('GET', { exact: true }).click()
      await page.getByLabel('Paths').fill('/')
      await page.getByLabel('Pages').fill('https://page.test')
      await page.getByText('This key opens GET of /, for pages of https://page.test').waitFor()
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      key = (await page.locator('code').first().innerText()).trim()

      const withKey = { 'X-Space-App-Key': key }
      expect((await get('/', withKey)).status).toBe(200)
      expect((await get('/other', withKey)).status).toBe(401)
      expect((await get('/', { ...withKey, Origin: 'https://page.test' })).status).toBe(200)
      expect((await get('/', { ...withKey, Origin: 'https://other.test' })).status).toBe(401)
      const { host } = new URL(pushed.url)
      expect((await my.server.request(host, '/', { method: 'POST', headers: withKey })).status).toBe(401)
    })

    await step(
      'a replaced key ends at once when that is asked for, and the new one has its limits',
      async () => {
        await page.getByRole('button', { name: 'Rotate narrow' }).click()
        await page.getByLabel('Create a new key').selectOption('stops working now')
        await page.getByRole('button', { name: 'Rotate', exact: true }).click()
        await page.locator('code').first().filter({ hasNotText: key }).waitFor()
        const fresh = (await page.locator('code').first().innerText()).trim()
        expect((await get('/', { 'X-Space-App-Key': key })).status).toBe(401)
        expect((await get('/', { 'X-Space-App-Key': fresh })).status).toBe(200)
        expect((await get('/other', { 'X-Space-App-Key': fresh })).status).toBe(401)
      },
    )
  })

  test('the id of a refusal leads to the explanation', async () => {
    const refused = await get('/other', { 'X-Space-App-Key': 'wrong_key' })
    const { refusal } = (await refused.json()) as { refusal: string }
    await page.goto(`${my.server.home}/refusals/${refusal}`)
    await page.getByText('This request was refused.').waitFor()
    await page.getByText('an API key', { exact: true }).waitFor()
    expect(await page.locator('main').innerText()).not.toContain('wrong_key')
    await page.getByRole('link', { name: /^Access of/ }).click()
    await ping().waitFor()
  })

  test('the refusal page links the owner to the reason', async () => {
    const program = await browser.newContext({ extraHTTPHeaders: { 'X-Space-App-Key': 'wrong_key' } })
    const refused = await program.newPage()
    await refused.goto(`${pushed.url}/other`)
    const href = await refused.getByRole('link', { name: /^Explain this refusal/ }).getAttribute('href')
    await program.close()
    await page.goto(href!)
    await page.getByText('This request was refused.').waitFor()
  })

  test('an unknown id is reported', async () => {
    await page.goto(`${my.server.home}/refusals/nothing-here`)
    await page.getByText('Refusal not found.').waitFor()
  })

  test('another device is signed out, of Home and of the app', async () => {
    const phone = await signIn()
    await phone.goto(`${pushed.url}/`)
    expect(await phone.locator('body').innerText()).toContain('Hello world')

    await page.goto(`${my.server.home}/account`)
    await page.getByText('This device').waitFor()
    await page.getByRole('button', { name: /^Sign out Chrome/ }).click()
    await page.getByRole('button', { name: /^Sign out Chrome/ }).waitFor({ state: 'detached' })
    await phone.goto(`${pushed.url}/`)
    await phone.waitForURL(/\/login\?/)
    await phone.context().close()
  })

  test('signing out everywhere else leaves this device alone', async () => {
    const laptop = await signIn()
    await page.goto(`${my.server.home}/account`)
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await page.getByRole('button', { name: 'Sign out everywhere else' }).waitFor({ state: 'detached' })
    await laptop.reload()
    await laptop.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByText('This device').waitFor()
    await laptop.context().close()
  })

  test('switching accounts shows who is signed in, and redirects to the requested page', async () => {
    const target = `${pushed.url}/ping?after=switch`
    await page.goto(`${my.server.home}/login?switch=1&redirect_uri=${encodeURIComponent(target)}`)
    await page.getByRole('heading', { name: 'Switch account' }).waitFor()
    await page.getByText('Signed in as').waitFor()
    await fillIn(page)
    await page.waitForURL(target)
    expect(await page.locator('body').innerText()).toBe('pong')
  })
})
