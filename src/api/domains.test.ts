import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { insertPerson } from '../people/testing/insert-person.ts'
import { DOMAIN_LIMITS } from '../domains/limits.ts'
import { followHandOff, locationOf, newestSession, startHandOff } from './testing/hand-off.ts'
import { type Pushed, pushApp } from './testing/push-app.ts'
import {
  FROM,
  HOME,
  type Owner,
  type TestApi,
  cookieOf,
  json,
  openTestApi,
  setUp,
} from './testing/test-api.ts'

interface Domain {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly status: 'pending' | 'active'
  readonly finding?: string | null
  readonly proof?: string
  readonly records: readonly { readonly type: string; readonly name: string; readonly value: string }[]
}

const NAME = 'notes.example.org'
const ORIGIN = `http://${NAME}:7070`

let platform: TestApi
let owner: Owner
let notes: Pushed
let blog: Pushed
beforeAll(async () => {
  platform = await openTestApi()
  owner = await setUp(platform)
  notes = await pushApp(platform, owner, 'notes')
  blog = await pushApp(platform, owner, 'blog')
})
afterAll(() => platform[Symbol.asyncDispose]())
beforeEach(async () => {
  // One session of Home may have fifty codes open at a time, and calls are counted by the minute.
  platform.clock.nowMs += 61_000
  platform.txt.clear()
  for (const app of [notes, blog])
    for (const { id } of await domainsOf(app)) await api('DELETE', `${pathOf(app)}/${id}`)
  platform.published.length = 0
})

const pathOf = (app: Pushed) => `/instances/${app.instanceId}/domains`
const api = (method: string, path: string, body?: object, cookie = owner.cookie) =>
  platform.call(method, `/api/v0${path}`, { cookie, body, from: FROM.home })
const domainsOf = async (app: Pushed) => (await json<{ domains: Domain[] }>(api('GET', pathOf(app)))).domains

const add = (app: Pushed, name = NAME, options = {}) =>
  json<Domain>(api('POST', pathOf(app), { name, ...options }))
const check = (app: Pushed, { id }: Domain, body = {}) => api('POST', `${pathOf(app)}/${id}/check`, body)

/** As the owner does: creates the DNS record, and requests a check. */
async function prove(app: Pushed, domain: Domain): Promise<Domain> {
  const record = domain.records.find(({ type }) => type === 'TXT')!
  platform.txt.set(record.name, [...(platform.txt.get(record.name) ?? []), record.value])
  return json<Domain>(check(app, domain))
}
const addActive = async (app: Pushed, name = NAME) => prove(app, await add(app, name))

const hostsPublished = (app: Pushed) =>
  platform.published.flatMap((change) =>
    change.op === 'instance.put' && change.instance.id === app.instanceId ? [change.instance.hosts] : [],
  )
const builtIn = (app: Pushed) => new URL(app.url).hostname
const ended = () =>
  platform.published.flatMap((change) => (change.op === 'session.delete' ? [change.id] : []))

const handOff = (host: string, cookie = owner.cookie) =>
  startHandOff(platform, { host }, { cookie, from: { ...FROM.addressBar, 'Sec-Fetch-Site': 'cross-site' } })
/** The browser follows the redirect to any host; `app`: the instance that the gateway finds for it. */
const land = (location: string, { instanceId }: Pushed, origin = ORIGIN) =>
  followHandOff(platform, location, { instanceId, origin })
const signIn = async (app: Pushed, host = `${NAME}:7070`, origin = ORIGIN) => {
  const landed = await land(locationOf(await handOff(host)), app, origin)
  return { landed, cookie: cookieOf(landed), session: newestSession(platform) }
}

describe('a custom domain', () => {
  test('waits for its proof, and is published to no gateway', async () => {
    const domain = await add(notes)
    expect(domain).toMatchObject({ name: NAME, url: ORIGIN, status: 'pending', finding: null })
    expect(domain.records).toEqual([
      {
        type: 'TXT',
        name: `_deta.${NAME}`,
        value: expect.stringMatching(/^deta-verification=[A-Za-z0-9]{32}$/),
      },
    ])
    expect(await json<Domain>(check(notes, domain))).toMatchObject({ status: 'pending', finding: 'none' })
    expect(platform.published).toEqual([])
  })

  test('is served by every gateway once it is proved', async () => {
    const domain = await addActive(notes)
    expect(domain).toMatchObject({ status: 'active', proof: 'dns' })
    expect(hostsPublished(notes)).toEqual([[builtIn(notes), NAME]])
  })

  test.each([
    ['that of another app of this person', async () => (await add(blog)).records[0]!.value],
    ['another case', async (own: string) => own.toLowerCase()],
    ['more than the proof', async (own: string) => `${own} `],
    ['the token alone', async (own: string) => own.replace('deta-verification=', '')],
    ['a wildcard', async () => '*'],
  ])('is not proved by %s', async (_, recordOf) => {
    const domain = await add(notes)
    const [record] = domain.records
    platform.txt.set(record!.name, [await recordOf(record!.value)])
    expect(await json<Domain>(check(notes, domain))).toMatchObject({ status: 'pending', finding: 'others' })
    expect(hostsPublished(notes)).toEqual([])
  })

  test('is not proved by the record of the name above it or of the name itself', async () => {
    const domain = await add(notes)
    const { value } = domain.records[0]!
    for (const name of ['_deta.example.org', NAME, `x._deta.${NAME}`]) platform.txt.set(name, [value])
    expect(await json<Domain>(check(notes, domain))).toMatchObject({ status: 'pending', finding: 'none' })
  })

  test('becomes active by itself when its record is there', async () => {
    const domain = await add(notes)
    const record = domain.records[0]!
    platform.txt.set(record.name, [record.value])
    platform.clock.nowMs += DOMAIN_LIMITS.checkPauseMs.min
    await platform.domains.checkDue()
    expect(await domainsOf(notes)).toMatchObject([{ status: 'active', proof: 'dns' }])
  })

  test.each([
    'space.localhost',
    'x.space.localhost',
    'SPACE.localhost.',
    'localhost',
    '127.0.0.1',
    '*.example.org',
    'notes.example.org:7070',
    'com',
    'http://notes.example.org',
    `${'a'.repeat(64)}.example`,
    '',
  ])('is never %j', async (name) => {
    const answer = await api('POST', pathOf(notes), { name })
    expect([answer.status, await domainsOf(notes)]).toEqual([400, []])
  })

  test('that is removed is no longer served, and its sessions have ended before the answer', async () => {
    const domain = await addActive(notes)
    const { session } = await signIn(notes)
    platform.published.length = 0
    expect((await api('DELETE', `${pathOf(notes)}/${domain.id}`)).status).toBe(204)
    expect([hostsPublished(notes), ended()]).toEqual([[[builtIn(notes)]], [session]])
  })

  test('that is pending does not receive sessions of the app that has it', async () => {
    await addActive(notes)
    await signIn(notes)
    const waiting = await add(blog, NAME, { assign_anyway: true })
    platform.published.length = 0
    await api('DELETE', `${pathOf(blog)}/${waiting.id}`)
    expect(ended()).toEqual([])
  })

  test('moves to another app with a new proof, which ends what was signed in there', async () => {
    await addActive(notes)
    const { session } = await signIn(notes)
    expect((await api('POST', pathOf(blog), { name: NAME })).status).toBe(409)
    const moving = await add(blog, NAME, { assign_anyway: true })
    platform.published.length = 0
    await prove(blog, moving)
    expect([hostsPublished(notes), hostsPublished(blog), ended()]).toEqual([
      [[builtIn(notes)]],
      [[builtIn(blog), NAME]],
      [session],
    ])
    expect(await domainsOf(notes)).toEqual([])
  })

  test('is explained like the built-in host', async () => {
    await addActive(notes)
    const explain = (url: string) => api('POST', '/access/explain', { method: 'GET', url })
    expect(await json(explain(`${ORIGIN}/a`))).toMatchObject({
      outcome: 'refused',
      url: `${ORIGIN}/a`,
      instance: { id: notes.instanceId },
    })
    expect((await explain('http://other.example.org/a')).status).toBe(404)
  })
})

describe('use without proof', () => {
  test('is for the owner of the server, on request', async () => {
    const domain = await add(notes, 'notes.lan')
    const answer = await json<Domain>(check(notes, domain, { without_proof: true }))
    expect(answer).toMatchObject({ status: 'active', proof: 'owner' })
    expect(hostsPublished(notes)).toEqual([[builtIn(notes), 'notes.lan']])
  })

  test('takes nothing from another app', async () => {
    await addActive(notes)
    const domain = await add(blog, NAME, { assign_anyway: true })
    expect((await check(blog, domain, { without_proof: true })).status).toBe(409)
    expect(await domainsOf(notes)).toMatchObject([{ status: 'active' }])
  })

  test('is refused to other people, and so is a domain of another person', async () => {
    const person = { username: 'eve', password: 'correct horse battery' }
    await insertPerson(platform.db, person, platform.clock.nowMs)
    const eve = cookieOf(await platform.call('POST', '/api/v0/session', { body: person }))
    const domain = await add(notes)
    const calls = [
      ['GET', pathOf(notes)],
      ['POST', pathOf(notes), { name: 'eve.example' }],
      ['POST', `${pathOf(notes)}/${domain.id}/check`, { without_proof: true }],
      ['DELETE', `${pathOf(notes)}/${domain.id}`],
    ] as const
    for (const [method, path, body] of calls)
      expect([method, path, (await api(method, path, body, eve)).status]).toEqual([method, path, 404])

    const token = await json<{ value: string }>(api('POST', '/access-tokens', { name: 'eve' }, eve))
    const app = await pushApp(platform, { cookie: eve, token: token.value }, 'eves')
    const theirs = await json<Domain>(api('POST', pathOf(app), { name: 'eve.lan' }, eve))
    const unproved = api('POST', `${pathOf(app)}/${theirs.id}/check`, { without_proof: true }, eve)
    expect((await unproved).status).toBe(403)
    expect(await json<object>(api('GET', pathOf(app), undefined, eve))).toMatchObject({
      may_skip_proof: false,
      domains: [{ status: 'pending' }],
    })
  })
})

describe('signing in on a custom domain', () => {
  test('lands on the very URL with a session of that host', async () => {
    await addActive(notes)
    const toApp = await handOff(`${NAME}:7070`)
    expect(locationOf(toApp)).toStartWith(`${ORIGIN}/__space/auth/callback?code=`)
    const landed = await land(locationOf(toApp), notes)
    expect([landed.status, locationOf(landed)]).toEqual([302, `${ORIGIN}/a?b=c`])
    expect(landed.headers.get('set-cookie')).toMatch(
      /^space_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Priority=High$/,
    )
  })

  test('redirects to our own spelling of the host, whatever the request has', async () => {
    await addActive(notes)
    for (const host of ['NOTES.example.org', `${NAME}.`, `${NAME}:1`, `${NAME}:443`])
      expect(locationOf(await handOff(host))).toStartWith(`${ORIGIN}/__space/auth/callback?code=`)
  })

  test.each([
    ['a domain that waits for its proof', async () => void (await add(notes))],
    [
      'a domain that was removed',
      async () => {
        const { id } = await addActive(notes)
        await api('DELETE', `${pathOf(notes)}/${id}`)
      },
    ],
    ['an unknown domain', async () => {}],
  ])('gives no code to %s', async (_, prepare) => {
    await prepare()
    const answer = await handOff(`${NAME}:7070`)
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
    expect(locationOf(await goBack(`${ORIGIN}/`))).toBe(HOME)
  })

  test.each([
    'evil-notes.example.org',
    'a.notes.example.org',
    'example.org',
    'notes.example.org.evil.example',
    'notes.example.org@evil.example',
    'evil.example#notes.example.org',
    'evil.example\\notes.example.org',
    'notes.example.org/evil.example',
    'notes.exаmple.org',
    '%6eotes.example.org',
  ])('gives no code to %j, which looks like one', async (host) => {
    await addActive(notes)
    const answer = await handOff(host)
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
  })

  test('does not take a code of the built-in host, nor gives one to it', async () => {
    await addActive(notes)
    const toBuiltIn = locationOf(await handOff(notes.host))
    expect((await land(toBuiltIn, notes)).status).toBe(400)
    const toCustom = locationOf(await handOff(`${NAME}:7070`))
    expect((await land(toCustom, notes, notes.url)).status).toBe(400)
  })

  test('does not take a code of the app that had the domain before', async () => {
    await addActive(notes)
    const moving = await add(blog, NAME, { assign_anyway: true })
    const toNotes = locationOf(await handOff(`${NAME}:7070`))
    await prove(blog, moving)
    const answer = await land(toNotes, blog)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([400, null])
  })

  test('answers nothing on a host that the app does not have, whatever a gateway still believes', async () => {
    await addActive(blog)
    expect((await land(`${ORIGIN}/__space/auth/callback?code=x`, notes)).status).toBe(404)
  })

  test('ends there by its own sign-out, and by that of Home', async () => {
    await addActive(notes)
    const one = await signIn(notes)
    const signOut = (from: object) =>
      platform.call('POST', '/__space/auth/sign-out', {
        origin: ORIGIN,
        cookie: one.cookie,
        from: { ...from },
        headers: { 'X-Space-Gateway-Instance': notes.instanceId },
      })
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: notes.url }
    expect((await signOut(elsewhere)).status).toBe(403)
    expect((await signOut({ 'Sec-Fetch-Site': 'same-origin', Origin: ORIGIN })).status).toBe(303)
    expect(ended()).toEqual([one.session])

    const { username, password } = { username: 'ada', password: 'correct horse battery' }
    const home = cookieOf(await platform.call('POST', '/api/v0/session', { body: { username, password } }))
    await land(locationOf(await handOff(`${NAME}:7070`, home)), notes)
    const session = newestSession(platform)
    await platform.call('DELETE', '/api/v0/session', { cookie: home, from: FROM.home })
    expect(ended().at(-1)).toBe(session)
  })
})

const goBack = (uri: string, cookie: string | undefined = owner.cookie) =>
  platform.call('GET', `/auth/return?${new URLSearchParams({ redirect_uri: uri })}`, {
    cookie,
    from: FROM.addressBar,
  })

describe('the way back from the log-in page', () => {
  test('leads to a domain of the person who is signed in', async () => {
    await addActive(notes)
    expect(locationOf(await goBack(`${ORIGIN}/a?b=c`))).toBe(`${ORIGIN}/a?b=c`)
  })

  test('leads strangers, and other people, Home: it is any address on the web', async () => {
    await addActive(notes)
    const person = { username: 'mallory', password: 'correct horse battery' }
    await insertPerson(platform.db, person, platform.clock.nowMs)
    const mallory = cookieOf(await platform.call('POST', '/api/v0/session', { body: person }))
    for (const cookie of ['', mallory]) expect(locationOf(await goBack(`${ORIGIN}/`, cookie))).toBe(HOME)
  })

  test.each([
    'https://notes.example.org:7070/',
    'http://notes.example.org/',
    'http://notes.example.org:80/',
    'http://notes.example.org:7071/',
    'http://notes.example.org:7070@evil.example/',
    'http://evil.example@notes.example.org:7070/',
    'http://a.notes.example.org:7070/',
    'http://notes.example.org.:7070/',
    'http://notes.example.org:7070.evil.example/',
    'http://notes.example.org:7070\\@evil.example/',
    'http://evil.example:7070/',
  ])('leads Home instead of to %s', async (uri) => {
    await addActive(notes)
    expect(locationOf(await goBack(uri))).toBe(HOME)
  })
})
