/** The screens for signing in and for connecting a terminal, opened by a stranger's link. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

if (missingBrowser) console.warn(`SKIPPED: the screens of signing in. ${missingBrowser}`)

interface Login {
  readonly id: string
  readonly poll_token: string
  readonly user_code: string
}

describe.skipIf(missingBrowser !== null)('at Home', () => {
  let my: TestSpace
  let browser: Browser
  let pushed: Pushed

  const newPage = async () => (await browser.newContext()).newPage()
  const fillIn = async (page: Page) => {
    await page.getByLabel('Username or e-mail').fill(my.server.owner.username)
    await page.getByLabel('Password', { exact: true }).fill(my.server.owner.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  const call = async <T>(path: string, body: object): Promise<T> => {
    const answer = await my.server.request(`localhost:${my.server.port}`, `/api/v0${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as T
  }
  const beginLogin = (scope: string) => call<Login>('/cli-logins', { name: 'space on laptop', scope })
  const poll = ({ id, poll_token }: Login) =>
    call<{ status: string }>(`/cli-logins/${id}/poll`, { poll_token })

  beforeAll(async () => {
    my = await startTestSpace()
    pushed = await my.push(await my.copyApp('examples/two-micros'))
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await my?.[Symbol.asyncDispose]()
  })

  test('the sign-in page names the app that it leads to', async () => {
    const page = await newPage()
    await page.goto(pushed.url)
    const { hostname } = new URL(pushed.url)
    await page.getByText(`to continue to ${hostname}`).waitFor()
  })

  test.each(['Your session has expired. Call 555 0100', 'call-555-0100.space.localhost'])(
    'the sign-in page shows no text from a link with %j',
    async (host) => {
      const page = await newPage()
      const answered = page.waitForResponse((response) => response.url().includes('/served-names?'))
      const query = new URLSearchParams({ host, challenge: 'x'.repeat(43) })
      await page.goto(`${my.server.home}/auth/handoff?${query}`)
      await answered
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      expect(await page.locator('body').innerText()).not.toContain('555')
    },
  )

  test('a link with a code connects nothing; the person types the code and sees which program asks', async () => {
    const page = await newPage()
    const login = await beginLogin('push')
    await page.goto(`${my.server.home}/cli?code=${login.user_code}`)
    await fillIn(page)
    expect(await page.getByLabel('Code').inputValue()).toBe('')
    expect(await page.getByRole('button', { name: 'Allow' }).count()).toBe(0)

    await page.getByLabel('Code').fill(login.user_code.toLowerCase())
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('deny it: their terminal would act in your name').waitFor()
    for (const fact of ['127.0.0.1', 'just now', 'Create apps and push to them'])
      await page.getByText(fact).waitFor()
    expect(await poll(login)).toEqual({ status: 'pending' })
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Connected' }).waitFor()
    expect((await poll(login)).status).toBe('approved')
  })

  test('a denied terminal gets no token', async () => {
    const page = await newPage()
    const login = await beginLogin('all')
    await page.goto(`${my.server.home}/cli`)
    await fillIn(page)
    await page.getByLabel('Code').fill(login.user_code)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { name: 'Denied' }).waitFor()
    expect(await poll(login)).toEqual({ status: 'denied' })
  })
})
