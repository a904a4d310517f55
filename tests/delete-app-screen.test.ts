/** An owner deletes an app in Home, and chooses what becomes of its data. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Collection, Instance } from '../src/contract/index.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { type TestSpace, startTestSpace } from './support/space.ts'

if (missingBrowser) console.warn(`SKIPPED: the screen that deletes an app. ${missingBrowser}`)

describe.skipIf(missingBrowser !== null)('in Home', () => {
  let my: TestSpace
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    my = await startTestSpace()
    browser = await launchBrowser()
    page = await (await browser.newContext()).newPage()
    await page.goto(my.server.home)
    await page.getByLabel('Username or e-mail').fill(my.server.owner.username)
    await page.getByLabel('Password', { exact: true }).fill(my.server.owner.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' })
  })

  afterAll(async () => {
    await browser?.close()
    await my?.[Symbol.asyncDispose]()
  })

  const get = <T>(path: string): Promise<T> =>
    page.evaluate(async (url) => (await fetch(url)).json() as Promise<T>, `/api/v0${path}`)
  const collections = async () =>
    (await get<{ collections: readonly Collection[] }>('/collections')).collections

  /** Pushes an app, and stores an item of it. */
  async function pushWithData(fixture: string): Promise<{ id: string; folder: string }> {
    const { instance_id } = await my.push(await my.copyApp(`tests/fixtures/${fixture}`))
    const { collection_id: id } = await get<Instance>(`/instances/${instance_id}`)
    const status = await page.evaluate(async (url) => {
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify({ items: [{ key: 'soup' }] })
      return (await fetch(url, { method: 'PUT', headers, body })).status
    }, `/api/v0/collections/${id}/base/items?base=recipes`)
    expect(status).toBe(200)
    await page.goto(`${my.server.home}/?app=${instance_id}&tab=general`)
    await page.getByRole('button', { name: 'Delete app' }).waitFor()
    return { id, folder: join(my.server.dataDir, 'collections', id) }
  }

  const confirm = async () => {
    await page.getByRole('checkbox', { name: 'Yes, delete' }).check()
    await page.getByRole('button', { name: 'Delete app' }).click()
    await page.getByRole('button', { name: 'Delete app' }).waitFor({ state: 'detached' })
  }

  test('an app is deleted, and its data kept', async () => {
    const { id, folder } = await pushWithData('works')
    expect(await page.getByRole('radio', { name: 'Keep its data' }).isChecked()).toBe(true)
    await confirm()
    expect(await collections()).toMatchObject([{ id, kind: 'headless' }])
    expect(existsSync(folder)).toBe(true)
  })

  test('an app is deleted with its data, which takes a confirmation after the choice', async () => {
    const { id, folder } = await pushWithData('streams')
    await page.getByRole('checkbox', { name: 'Yes, delete' }).check()
    await page.getByRole('radio', { name: 'Delete its data' }).check()
    expect(await page.getByRole('button', { name: 'Delete app' }).isEnabled()).toBe(false)
    await confirm()
    expect((await collections()).map((one) => one.id)).not.toContain(id)
    expect(existsSync(folder)).toBe(false)
  })
})
