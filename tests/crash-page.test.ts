/** The last log lines of a crashed app are shown to its owner only. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { until } from '../src/kernel/testing/until.ts'
import { enterApp, signInAtHome } from './attacks/support/attack-harness.ts'
import { spaceJson } from './support/command.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

let my: TestSpace
let app: Pushed
let session: string
let key: string
let setMode: (mode: string) => Promise<void>

beforeAll(async () => {
  my = await startTestSpace()
  app = await my.push(await my.copyApp('tests/fixtures/breaks'))
  const homeHost = `space.localhost:${my.server.port}`
  const homeCookie = await signInAtHome(my.server, homeHost)
  session = await enterApp(my.server, host(), homeCookie)
  const alias = host().split('.')[0]!
  key = (await spaceJson<{ value: string }>(['keys', 'create', alias, '--name', 'k'], my.terminal)).value
  setMode = (mode) => changeMode(homeHost, homeCookie, mode)
})
afterAll(async () => await my?.[Symbol.asyncDispose]())

async function changeMode(homeHost: string, homeCookie: string, mode: string): Promise<void> {
  const micros = [{ name: 'main', presets: { env: [{ name: 'MODE', value: mode }] } }]
  const changed = await my.server.request(homeHost, `/api/v0/instances/${app.instance_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ micros }),
    headers: {
      Cookie: homeCookie,
      Origin: `http://${homeHost}`,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/json',
    },
  })
  expect(changed.status).toBe(200)
}

const host = () => new URL(app.url).host
const get = (path: string, headers: Record<string, string> = {}) =>
  my.server.request(host(), path, { headers })
const NAVIGATION = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', Accept: 'text/html' }

/** Of a crash the server learns a moment after the client. */
const untilItWorks = () =>
  until('the app works again', async () => (await (await get('/open')).text()) === 'it works')

/** What is shown once it is known that the app has crashed; until then a person is shown that it wakes. */
async function pageFor(path: string, headers: Record<string, string>) {
  let answer = await get(path, headers)
  const isKnown = async () => {
    if (answer.status !== 503 || !answer.headers.has('retry-after')) return true
    answer = await get(path, headers)
    return false
  }
  await until('the app has crashed', isKnown)
  expect(answer.status).toBe(502)
  return await answer.text()
}

describe('an app that crashes while it answers', () => {
  const SECRET = 'GLOCKENSPIEL'
  beforeAll(() => setMode('works'))

  test('shows its owner the reason, in the answer to the same request', async () => {
    for (const path of ['/break', '/open/break']) {
      await untilItWorks()
      const headers = { ...NAVIGATION, Cookie: session, 'Sec-Fetch-Site': 'same-origin' }
      expect(await pageFor(path, headers)).toContain(SECRET)
    }
  })

  test('says nothing to others', async () => {
    const others: Record<string, string>[] = [{}, NAVIGATION, { 'X-Space-App-Key': key }]
    for (const headers of others) {
      await untilItWorks()
      expect(await pageFor('/open/break', headers)).not.toContain(SECRET)
    }
  })
})

describe('an app that crashes at its start', () => {
  const SECRET = 'XYLOPHONE'
  beforeAll(() => setMode('broken'))

  test('the owner sees the end of the log, in a browser and from a page', async () => {
    for (const path of ['/', '/open'])
      expect(
        await pageFor(path, { ...NAVIGATION, Cookie: session, 'Sec-Fetch-Site': 'same-origin' }),
      ).toContain(SECRET)
    expect(await pageFor('/', { Cookie: session, 'Sec-Fetch-Site': 'same-origin' })).toContain(SECRET)
  })

  test.each([
    ['a stranger', () => ({})],
    ['a stranger with a browser', () => NAVIGATION],
    ['a stranger with a made-up session', () => ({ ...NAVIGATION, Cookie: 'space_session=abc' })],
    ['a page of another site, with the session', () => ({ Cookie: session, 'Sec-Fetch-Site': 'cross-site' })],
  ])('%s sees on a public route only that it crashed', async (_, headers) => {
    const page = await pageFor('/open', headers())
    expect(page).not.toContain(SECRET)
    expect(page).not.toContain('index.js')
  })

  test('a program with a key does not count as the owner', async () => {
    expect(await pageFor('/', { 'X-Space-App-Key': key })).not.toContain(SECRET)
  })
})
