import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { insertPerson } from '../people/testing/insert-person.ts'
import { followHandOff, handoffPath, locationOf, newestSession, startHandOff } from './testing/hand-off.ts'
import { type Pushed, openWithApp } from './testing/push-app.ts'
import { FROM, HOME, OWNER, type Owner, type TestApi, cookieOf, json } from './testing/test-api.ts'

const EVE = { username: 'eve', password: 'another long password' }
const FIREFOX = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0' }
const DAY_MS = 24 * 60 * 60 * 1_000

let platform: TestApi
let owner: Owner
let app: Pushed
beforeEach(async () => {
  ;({ platform, owner, app } = await openWithApp())
  await insertPerson(platform.db, EVE, platform.clock.nowMs)
})
afterEach(() => platform[Symbol.asyncDispose]())

const signIn = async (person: { username: string; password: string }, cookie?: string) =>
  cookieOf(
    await platform.call('POST', '/api/v0/session', {
      body: { username: person.username, password: person.password },
      cookie,
      from: FROM.home,
      headers: FIREFOX,
    }),
  )

/** A body whose second part is sent later. */
function slowBody(text: string): { readonly stream: ReadableStream<Uint8Array>; finish(): void } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  void writer.write(Buffer.from(text.slice(0, 1)))
  const finish = () => void writer.write(Buffer.from(text.slice(1))).then(() => writer.close())
  return { stream: readable, finish }
}

const toApp = () => ({ host: app.host, to: '/' })
const handOff = (cookie: string) => startHandOff(platform, toApp(), { cookie })

/** Opens the app in the browser with this cookie of Home; returns the id of its app session. */
async function openApp(cookie: string): Promise<string> {
  await followHandOff(platform, locationOf(await handOff(cookie)), app)
  return newestSession(platform)
}

interface Listed {
  id: string
  device: string
  is_current: boolean
  apps: object[]
}
const list = async (cookie = owner.cookie) =>
  (await json<{ sessions: Listed[] }>(platform.call('GET', '/api/v0/sessions', { cookie, from: FROM.home })))
    .sessions
const end = (path: string, cookie = owner.cookie) =>
  platform.call('DELETE', `/api/v0/sessions${path}`, { cookie, from: FROM.home })
const who = async (cookie: string) =>
  (
    await json<{ user: { username: string } | null }>(
      platform.call('GET', '/api/v0/status', { cookie, from: FROM.home }),
    )
  ).user?.username ?? null
/** Sessions whose end was published to the gateways. */
const forgotten = () =>
  platform.published.flatMap((change) => (change.op === 'session.delete' ? [change.id] : []))

describe('where a person is signed in', () => {
  test('is listed by device, with the apps that were opened there', async () => {
    const other = await signIn(OWNER)
    await openApp(other)
    const alias = app.host.split('.')[0]
    expect(await list()).toMatchObject([
      { device: 'Firefox on Linux', is_current: false, apps: [{ alias }] },
      { device: 'Unknown browser', is_current: true, apps: [] },
    ])
  })

  test('ends device by device, and gateways know before the answer', async () => {
    const other = await signIn(OWNER)
    const appSession = await openApp(other)
    const [{ id }] = (await list()) as [Listed]
    expect((await end(`/${id}`)).status).toBe(204)
    expect(forgotten()).toEqual([appSession])
    expect([await who(other), await who(owner.cookie)]).toEqual([null, OWNER.username])
  })

  test('ends everywhere else at once', async () => {
    const others = [await signIn(OWNER), await signIn(OWNER)]
    const appSession = await openApp(others[0]!)
    const here = await openApp(owner.cookie)
    expect((await end('')).status).toBe(204)
    expect(forgotten()).toEqual([appSession])
    expect(forgotten()).not.toContain(here)
    expect([await who(others[0]!), await who(others[1]!), await who(owner.cookie)]).toEqual([
      null,
      null,
      OWNER.username,
    ])
  })

  test('is hidden from other people, who cannot end it either', async () => {
    const eve = await signIn(EVE)
    const [mine] = await list()
    expect(await list(eve)).toHaveLength(1)
    expect((await end(`/${mine!.id}`, eve)).status).toBe(404)
    await end('', eve)
    expect(await who(owner.cookie)).toBe(OWNER.username)
  })
})

test('a request whose session ends while its body arrives is refused', async () => {
  const token = JSON.stringify({ name: 'left behind' })
  const { stream, finish } = slowBody(token)
  const headers = { ...FROM.home, 'Content-Type': 'application/json', Cookie: owner.cookie }
  const url = `${HOME}/api/v0/access-tokens`
  const answer = platform.fetch(new Request(url, { method: 'POST', headers, body: stream }))
  await platform.call('DELETE', '/api/v0/session', { cookie: owner.cookie, from: FROM.home })
  finish()
  expect((await answer).status).toBe(401)
  const tokens = await platform.db.selectFrom('access_tokens').select('name').execute()
  expect(tokens.map(({ name }) => name)).not.toContain('left behind')
})

test('a visit to Home prolongs the sessions of apps that grew from it', async () => {
  const id = await openApp(owner.cookie)
  platform.clock.nowMs += 20 * DAY_MS
  expect(await who(owner.cookie)).toBe(OWNER.username)
  expect(platform.published.at(-1)).toMatchObject({
    op: 'session.put',
    session: { id, expiresAtMs: platform.clock.nowMs + 30 * DAY_MS },
  })
})

/** On plain http a sibling app's page can set cookies for the whole domain. */
describe('a planted cookie of Home', () => {
  test('beside the own cookie signs no person in, in either order', async () => {
    const eve = await signIn(EVE)
    for (const cookie of [`${eve}; ${owner.cookie}`, `${owner.cookie}; ${eve}`]) {
      expect(await who(cookie)).toBeNull()
      const answer = await handOff(cookie)
      expect(answer.headers.get('location')).toStartWith(`${HOME}/login?`)
      const { status } = await platform.call('POST', '/api/v0/apps', {
        cookie,
        from: FROM.home,
        body: { name: 'planted' },
      })
      expect(status).toBe(401)
    }
  })

  test('cannot hide the own cookie by number', async () => {
    const eves: string[] = []
    for (let i = 0; i < 4; i++) eves.push(await signIn(EVE))
    expect(await who([...eves, owner.cookie].join('; '))).toBeNull()
  })

  test('cannot hide the own cookie behind junk, up to the limit of a browser', async () => {
    const junk = Array.from({ length: 180 }, (_, i) => `space_home=${String(i).padStart(43, 'x')}`)
    for (const cookies of [
      [...junk, owner.cookie],
      [owner.cookie, ...junk],
    ])
      expect(await who(cookies.join('; '))).toBe(OWNER.username)
  })

  test('does no harm if it is junk, or a second session of the same person', async () => {
    const junk = `space_home=${'x'.repeat(43)}`
    const again = await signIn(OWNER)
    for (const cookie of [`${junk}; ${owner.cookie}`, `${again}; ${owner.cookie}`])
      expect(await who(cookie)).toBe(OWNER.username)
  })

  test('has no effect after its victim signs in again', async () => {
    const eve = await signIn(EVE)
    const fresh = await signIn(OWNER, `${eve}; ${owner.cookie}`)
    expect(await who(`${eve}; ${fresh}`)).toBe(OWNER.username)
    expect(await who(eve)).toBeNull()
  })
})

describe('another person of the same browser', () => {
  test('is offered to switch accounts, with the way back to the app', async () => {
    const answer = await handOff(await signIn(EVE))
    const page = (await answer.text()).replaceAll('&amp;', '&')
    const href = /<a href="([^"]+)">Switch account/.exec(page)?.[1]
    const url = new URL(href!)
    expect([answer.status, url.origin + url.pathname, url.searchParams.get('switch')]).toEqual([
      403,
      `${HOME}/login`,
      '1',
    ])
    expect(url.searchParams.get('redirect_uri')).toBe(HOME + handoffPath(toApp()))
  })

  test('signs in as the owner, leaves no session of theirs behind, and lands on the app', async () => {
    const ownersAppSession = await openApp(owner.cookie)
    const eve = await signIn(EVE, owner.cookie)
    expect(forgotten()).toEqual([ownersAppSession])
    expect((await handOff(eve)).status).toBe(403)
    const back = await signIn(OWNER, eve)
    expect(await who(eve)).toBeNull()
    const here = await platform.call(
      'GET',
      `/auth/return?${new URLSearchParams({ redirect_uri: HOME + handoffPath(toApp()) })}`,
      { cookie: back, from: FROM.addressBar },
    )
    expect(here.headers.get('location')).toBe(HOME + handoffPath(toApp()))
    expect((await handOff(back)).headers.get('location')).toStartWith(
      `${app.url}/__space/auth/callback?code=`,
    )
  })
})
