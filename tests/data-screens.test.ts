/** What an owner does in Home with the data of apps and of collections, and what data of an app cannot do there. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { until } from '../src/kernel/testing/until.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { spaceJson } from './support/command.ts'
import { type Seeded, openCollection } from './support/seed-data.ts'
import { type TestSpace, startTestSpace } from './support/space.ts'
import { step } from './support/step.ts'

if (missingBrowser) console.warn(`SKIPPED: the screens of data. ${missingBrowser}`)

const APP = 'Two micros'
const ITEMS = 100_000
/** Of the table, however many items there are: visible ones and a few more. */
const ROWS_IN_PAGE = 100
const LIMIT = { withinMs: 60_000 }

describe.skipIf(missingBrowser !== null)('in Home', () => {
  let my: TestSpace
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    my = await startTestSpace()
    await my.push(await my.copyApp('examples/two-micros'))
    browser = await launchBrowser()
    page = await (await browser.newContext({ acceptDownloads: true })).newPage()
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(my.server.home)
    await page.getByLabel('Username or e-mail').fill(my.server.owner.username)
    await page.getByLabel('Password', { exact: true }).fill(my.server.owner.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('list', { name: 'Apps' }).waitFor()
  })

  afterAll(async () => {
    await browser?.close()
    await my?.[Symbol.asyncDispose]()
  })

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([])
  })

  const grid = () => page.getByRole('grid', { name: 'Items' })
  const rowOf = (key: string) =>
    grid()
      .getByRole('row')
      .filter({ has: page.getByText(key, { exact: true }) })
  const cell = (key: string, value: string) => rowOf(key).getByRole('gridcell', { name: value, exact: true })
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })

  async function newCollection(name: string): Promise<Seeded> {
    await spaceJson(['collections', 'create', name], my.terminal)
    return openCollection(my, name)
  }
  const open = ({ collectionId }: Pick<Seeded, 'collectionId'>, view = 'base') =>
    page.goto(`${my.server.home}/collections/${collectionId}?view=${view}`)
  /** What Home's API answers to the page. */
  const read = (path: string) =>
    page.evaluate(async (where) => (await (await fetch(`/api/v0${where}`)).json()) as unknown, path)
  const storedItem = ({ collectionId }: Seeded, base: string, key: string) =>
    read(`/collections/${collectionId}/base/item?base=${base}&key=${key}`)

  test('a Base of 100,000 items is a table that stays small, sorted, searched and queried', async () => {
    const seeded = await newCollection('Large')
    const keyOf = (at: number) => `k${String(at).padStart(6, '0')}`
    const items = Array.from({ length: ITEMS }, (_, at) => ({ key: keyOf(at), n: at, even: at % 2 === 0 }))
    await seeded.put('numbers', items)
    const rows = () => grid().getByRole('row').count()

    await step('the first screen has a column for each field, with its type', async () => {
      await open(seeded)
      await rowOf(keyOf(0)).waitFor()
      const heads = await grid().getByRole('columnheader').allInnerTexts()
      expect(heads.map((text) => text.split(/\s+/))).toEqual([['key'], ['n', 'number'], ['even', 'boolean']])
      expect(await rows()).toBeLessThan(ROWS_IN_PAGE)
    })

    await step('scrolling reaches the last item, and the page holds few rows all the way', async () => {
      let most = 0
      await until(
        'the last item is there',
        async () => {
          await grid().evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
          most = Math.max(most, await rows())
          return (await rowOf(keyOf(ITEMS - 1)).count()) > 0
        },
        { withinMs: 180_000 },
      )
      expect(most).toBeLessThan(ROWS_IN_PAGE)
      await page.getByText('100,000 items.').waitFor()
    })

    await step('the key sorts in both directions', async () => {
      await button('key').click()
      await rowOf(keyOf(ITEMS - 1)).waitFor()
      expect(await rowOf(keyOf(0)).count()).toBe(0)
      await button('key').click()
      await rowOf(keyOf(0)).waitFor()
    })

    const search = async (text: string) => {
      await page.getByLabel('Search for an exact value').fill(text)
      await page.keyboard.press('Enter')
    }
    await step('a search finds an exact value in the whole Base, by field or by key', async () => {
      await search('77777')
      await page.getByText('1 item found in the key or in 2 fields.').waitFor()
      await rowOf(keyOf(77_777)).waitFor()
      await search(keyOf(88_888))
      await rowOf(keyOf(88_888)).waitFor()
      await page.getByText('1 item found').waitFor()
      await search('nothing like this')
      await page.getByText('No item has exactly this value.').waitFor()
      await search('66666')
      await page.getByText('1 item found in the key or in 2 fields.').waitFor()
      await button('Clear the search').click()
      await rowOf(keyOf(0)).waitFor()
    })

    await step('a query runs, and one that is not valid says why beside it', async () => {
      await button('Write a query').click()
      const query = page.getByRole('textbox', { name: 'Query' })
      await query.fill('{"n?gte": 99998}')
      await button('Run query').click()
      await page.getByText('2 items found.').waitFor()
      await query.fill('{"n?nonsense": 1}')
      await button('Run query').click()
      await page.getByText('Bad query: an operator').waitFor()
      await query.fill('{"n"')
      await button('Run query').click()
      await page.getByText('This is not valid JSON').waitFor()
    })
  }, 300_000)

  test('items are edited, added, undone, saved and deleted', async () => {
    const seeded = await newCollection('Edited')
    const soup = { key: 'soup', title: 'Soup', minutes: 25, isQuick: true, tags: ['warm'], note: 'x' }
    await seeded.put('recipes', [soup, { key: 'stew', title: 'Stew', minutes: 90, isQuick: false, tags: [] }])
    await open(seeded)
    await rowOf('soup').waitFor()

    await step('a cell is typed: what does not fit its type is refused', async () => {
      await cell('soup', '25').dblclick()
      await page.getByLabel('Value of minutes').fill('soon')
      await page.getByText('Enter a number').waitFor()
      await page.getByLabel('Value of minutes').fill('30')
      await page.keyboard.press('Enter')
      await cell('soup', '30').waitFor()
      expect(await storedItem(seeded, 'recipes', 'soup')).toEqual(soup)
    })

    await step('the keyboard alone moves, edits and undoes', async () => {
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await page.getByLabel('Value of title').fill('Gulash')
      await page.keyboard.press('Enter')
      await cell('stew', 'Gulash').waitFor()
      await page.getByText('2 items not saved').waitFor()
      await button('Undo').click()
      await cell('stew', 'Stew').waitFor()
    })

    await step('a value becomes one of another type', async () => {
      await cell('soup', '["warm"]').dblclick()
      await page.getByLabel('Type').selectOption('text')
      await page.getByLabel('Value of tags').fill('warm')
      await button('Apply').click()
      await cell('soup', 'warm').waitFor()
    })

    await step('what was typed in a cell is kept when its type changes', async () => {
      await cell('stew', '90').dblclick()
      await page.getByLabel('Value of minutes').fill('95')
      await button('More about minutes').click()
      await page.getByLabel('Type').selectOption('text')
      expect(await page.getByLabel('Value of minutes').inputValue()).toBe('95')
      await button('Cancel').click()
      await cell('stew', '90').waitFor()
    })

    await step('a whole item is edited as JSON, but not its key', async () => {
      await rowOf('stew').getByRole('rowheader').dblclick()
      const json = page.getByLabel('Item as JSON')
      await json.fill('{"key":"other"}')
      await page.getByText('The key of a stored item stays "stew"').waitFor()
      await json.fill('{"key":"stew","title":"Stew","minutes":90,"isQuick":false,"new":{"a":1}}')
      await button('Apply').click()
    })

    await step('items are added, several at once', async () => {
      await button('Add items').click()
      await page.getByLabel('New items as JSON').fill('[{"key":"pie","title":"Pie"},{"title":"no key"}]')
      await button('Add 2 items').click()
      await rowOf('new item').waitFor()
    })

    await step('saving stores them all, and keeps what the app has written to other fields', async () => {
      await seeded.put('recipes', [{ ...soup, note: 'of the app' }])
      await button('Refresh').click()
      await button('Save 4 items').click()
      await page.getByText('not saved').waitFor({ state: 'detached' })
      const { isQuick, title, key } = soup
      expect(await storedItem(seeded, 'recipes', 'soup')).toEqual({
        key,
        title,
        isQuick,
        minutes: 30,
        tags: 'warm',
        note: 'of the app',
      })
      expect(await storedItem(seeded, 'recipes', 'stew')).toEqual({
        key: 'stew',
        title: 'Stew',
        minutes: 90,
        isQuick: false,
        new: { a: 1 },
      })
      await page.getByText('4 items.').waitFor()
    })

    await step('an item that cannot be saved stays, with the reason', async () => {
      await button('Add items').click()
      await page.getByLabel('New items as JSON').fill('{"key":"pie"}')
      await button('Add item').click()
      await button('Save 1 item').click()
      await page.getByText('pie was not saved: Key already exists').waitFor()
      await button('Undo').isDisabled()
      await button('Show pie as JSON').first().click()
      await button('Discard item').click()
    })

    await step('selected items are deleted after a second click', async () => {
      await page.getByLabel('Select stew').check()
      await button('Delete 1').click()
      await page.getByRole('group', { name: 'Delete' }).getByRole('button', { name: 'Delete' }).click()
      await rowOf('stew').waitFor({ state: 'detached' })
      expect(await storedItem(seeded, 'recipes', 'stew')).toMatchObject({ code: 'not_found' })
    })
  })

  test('the data of an app says what it lacks, and is changed only in Edit Mode', async () => {
    await step('an app that stored nothing', async () => {
      await page.goto(my.server.home)
      await page.getByRole('button', { name: `More about ${APP}` }).click({ force: true })
      await page.getByRole('menuitem', { name: 'View Data' }).click()
      await page.getByText('has not stored any documents yet').waitFor()
    })
    const seeded = await openCollection(my, APP)
    await step('its first items appear by themselves, and are read only', async () => {
      await seeded.put('notes', [{ key: 'one', text: 'first' }])
      await rowOf('one').waitFor()
      await cell('one', 'first').dblclick()
      expect(await page.getByLabel('Value of text').count()).toBe(0)
      expect(await button('Add items').count()).toBe(0)
      expect(await page.getByLabel('Select one').count()).toBe(0)
    })
    await step('Edit Mode is confirmed', async () => {
      await page.getByRole('switch', { name: 'Edit Mode' }).click()
      await button('Turn on').click()
      await cell('one', 'first').dblclick()
      await page.getByLabel('Value of text').fill('second')
      await page.keyboard.press('Enter')
      await button('Save 1 item').click()
      await until('it is stored', async () =>
        JSON.stringify(await storedItem(seeded, 'notes', 'one')).includes('second'),
      )
    })
  })

  test('files are uploaded, shown, downloaded and deleted', async () => {
    const seeded = await newCollection('Files')
    await seeded.upload('photos', 'summer/beach.txt', 'sand')
    await open(seeded, 'drive')

    await step('folders are opened, and left by the breadcrumb', async () => {
      await button('summer').click()
      await button('beach.txt').click()
      await page.getByText('sand').waitFor()
      await page.getByText('4 bytes').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: 'Files' }).click()
    })

    await step('files are uploaded, a large one in parts', async () => {
      const large = Buffer.alloc(23_000_000, 'large ')
      await page.getByLabel('Files to upload').setInputFiles([
        { name: 'small é.txt', mimeType: 'text/plain', buffer: Buffer.from('small') },
        { name: 'large.bin', mimeType: '', buffer: large },
      ])
      await page.getByText('All uploaded').waitFor({ timeout: LIMIT.withinMs })
      const waiting = page.waitForEvent('download')
      await page.getByLabel('Download large.bin').click()
      const stream = await (await waiting).createReadStream()
      const pieces: Buffer[] = []
      for await (const piece of stream) pieces.push(piece as Buffer)
      expect(Buffer.concat(pieces).equals(large)).toBe(true)
      const url = await page.getByLabel('Download large.bin').getAttribute('href')
      const length = await page.evaluate(async (at) => (await fetch(at!)).headers.get('content-length'), url)
      expect(length).toBe(String(large.length))
    })

    await step('dropped files go to the open folder', async () => {
      await button('summer').click()
      await button('beach.txt').waitFor()
      const transfer = await page.evaluateHandle(() => {
        const data = new DataTransfer()
        data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
        return data
      })
      for (const event of ['dragover', 'drop'])
        await page.getByRole('list', { name: 'Files' }).dispatchEvent(event, { dataTransfer: transfer })
      await button('dropped.txt').waitFor()
    })

    await step('a folder is deleted with its files', async () => {
      await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: 'Files' }).click()
      await page.getByLabel('Select summer').check()
      await button('Delete 1').click()
      await page.getByRole('group', { name: 'Delete' }).getByRole('button', { name: 'Delete' }).click()
      await button('summer').waitFor({ state: 'detached' })
      const path = `/collections/${seeded.collectionId}/drive/files?drive=photos`
      expect(await read(path)).toEqual({ names: ['large.bin', 'small é.txt'], last: null })
    })
  })

  test('nothing that an app stores runs in Home', async () => {
    const seeded = await newCollection('Hostile')
    const script = 'window.parent.pwned = window.pwned = true'
    const markup = `<img src=x onerror="${script}"><script>${script}</script>`
    await seeded.put(encodeURIComponent(markup), [
      { key: markup, [markup]: markup, list: [markup], link: `javascript:${script}` },
    ])
    await seeded.upload('files', `${markup.replaceAll('/', '')}.txt`, markup)
    await seeded.upload('files', 'page.html', markup, 'text/html')
    await seeded.upload(
      'files',
      'picture.svg',
      `<svg xmlns="http://www.w3.org/2000/svg" onload="${script}"/>`,
    )
    await seeded.upload('files', 'script.js', script, 'text/javascript')
    const isPwned = () => page.evaluate(() => 'pwned' in window)
    const url = (name: string) =>
      `${my.server.home}/api/v0/collections/${seeded.collectionId}/drive/file?drive=files&name=${name}`

    await step('as the text of an item, a field, a key or a Base', async () => {
      await open(seeded)
      await grid().getByText('onerror').first().waitFor()
      await button(/^Show .* as JSON$/).click()
      await page.getByLabel('Item as JSON').waitFor()
      expect(await isPwned()).toBe(false)
    })

    await step('as a file that is shown', async () => {
      await open(seeded, 'drive')
      for (const name of ['page.html', 'script.js']) {
        await button(name).click()
        await page.locator('pre').getByText('pwned').waitFor()
        await page.keyboard.press('Escape')
      }
      await button('picture.svg').click()
      await page.getByRole('img', { name: 'picture.svg' }).waitFor()
      await page.keyboard.press('Escape')
      expect(await isPwned()).toBe(false)
    })

    await step(
      'as a page, an SVG or a script that is opened by its address: each is a download',
      async () => {
        for (const name of ['page.html', 'picture.svg', 'script.js']) {
          const waiting = page.waitForEvent('download')
          await page.goto(url(name)).catch(() => {})
          expect((await waiting).suggestedFilename()).toBe(name)
        }
        expect(page.url()).not.toContain('/api/')
      },
    )

    await step('as a script, a worker, a style sheet or a frame of Home', async () => {
      const attempts = await page.evaluate(async (address) => {
        const loaded = (element: HTMLElement) =>
          new Promise<string>((done) => {
            element.addEventListener('load', () => done('loaded'))
            element.addEventListener('error', () => done('refused'))
            document.body.append(element)
          })
        const element = (name: string, fields: object) => Object.assign(document.createElement(name), fields)
        return [
          await loaded(element('script', { src: `${address}script.js` })),
          await loaded(element('link', { rel: 'stylesheet', href: `${address}script.js` })),
          await navigator.serviceWorker.register(`${address}script.js`).then(
            () => 'loaded',
            () => 'refused',
          ),
        ]
      }, url(''))
      expect(attempts).toEqual(['refused', 'refused', 'refused'])
      expect(await isPwned()).toBe(false)
    })
    // The browser reports what it refused here.
    complaints.length = 0
  })

  test('a data key is made with limits, shown once, and revoked', async () => {
    const seeded = await newCollection('Keys')
    await seeded.put('open', [{ key: 'a' }])
    await open(seeded, 'keys')
    await button('Create new data key').click()
    await page.getByLabel('Name of the key').fill('reader')
    await page.getByLabel('Read only').check()
    await page.getByLabel('Only some Bases and Drives').check()
    await page.getByText('Name a Base or a Drive that the key opens.').waitFor()
    await page.getByLabel('Bases', { exact: true }).fill('open')
    await page.getByText('This key reads the Base open, until you revoke it.').waitFor()
    await button('Create').click()
    const value = await page
      .locator('code')
      .filter({ hasText: `${seeded.collectionId}_` })
      .innerText()
    const call = async (method: string, base: string) => {
      const path = `/v1/${seeded.collectionId}/${base}/${method === 'PUT' ? 'items' : 'items/a'}`
      const body = method === 'PUT' ? JSON.stringify({ items: [{ key: 'a' }] }) : undefined
      const headers = { 'X-API-Key': value }
      return (await my.server.request('database.space.localhost', path, { method, headers, body })).status
    }
    expect([await call('GET', 'open'), await call('PUT', 'open'), await call('GET', 'closed')]).toEqual([
      200, 403, 403,
    ])
    await page.reload()
    await page.getByText('reads the Base open').waitFor()
    expect(await page.getByText(value).count()).toBe(0)
    await button('Revoke reader').click()
    await button('Revoke').click()
    await button('Revoke reader').waitFor({ state: 'detached' })
    expect(await call('GET', 'open')).toBe(401)
  })

  test('a collection is created, renamed, cleared and deleted, by its typed name', async () => {
    await page.goto(`${my.server.home}/collections`)
    await button('New Collection').click()
    await page.getByLabel('Name of the collection').fill('Recipes')
    await button('Create').click()
    await page.getByText('No Base yet').waitFor()

    await step('a Base is created by its first item', async () => {
      await button('New Base').click()
      await page.getByLabel('Name of the Base').fill('soups')
      await button('Open Base').click()
      await page.getByText('This Base is empty. Add the first items.').waitFor()
      await button('Add items').click()
      await page.getByLabel('New items as JSON').fill('{"key":"borscht"}')
      await button('Add item').click()
      await button('Save 1 item').click()
      await page.getByText('1 item.').waitFor()
    })
    const settings = () => page.getByRole('navigation', { name: 'Data' }).getByText('Settings').click()
    await step('it is renamed', async () => {
      await settings()
      await page.getByLabel('Name of the collection').fill('Cooking')
      await button('Rename').click()
      await page.getByRole('heading', { name: 'Cooking' }).waitFor()
    })
    await step('it is cleared only after its name was typed', async () => {
      expect(await button('Clear data').isDisabled()).toBe(true)
      await page.getByLabel('To confirm, type Cooking').first().fill('Cooking')
      await button('Clear data').click()
      await page.getByRole('navigation', { name: 'Data' }).getByText('Base').click()
      await page.getByText('No Base yet').or(page.getByText('This Base is empty')).first().waitFor()
      const id = new URL(page.url()).pathname.split('/').at(-1)!
      expect(await read(`/collections/${id}/bases`)).toEqual({ bases: [] })
    })
    await step('it is deleted', async () => {
      await settings()
      await page.getByLabel('To confirm, type Cooking').last().fill('Cooking')
      await button('Delete collection').click()
      await page.getByRole('heading', { name: 'Collections' }).waitFor()
      await page.getByText('Cooking').waitFor({ state: 'detached' })
    })
  })
})
