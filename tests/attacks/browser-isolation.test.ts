/**
 * ATTACKS D and E in a real browser, whose person is signed in: pages of a hostile app on the same domain, which browsers
 * count as the same site, and of a stranger elsewhere, try to use what that browser has.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser, missingBrowser } from '../support/browser.ts'
import { answering, askForCode, head, type Lab, signInAtHome, startLab } from './support/attack-harness.ts'

let lab: Lab
let hostile: string
let stranger: { origin: string; stop(): void }
let browser: Browser

beforeAll(async () => {
  if (missingBrowser) return
  lab = await startLab()
  hostile = (await lab.pushAnother('hostile')).url
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => htmlAnswer('') })
  stranger = { origin: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) }
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  stranger?.stop()
  await lab?.[Symbol.asyncDispose]()
})

const htmlAnswer = (body: string) =>
  new Response(`<!doctype html><title>hostile</title>${body}`, { headers: { 'Content-Type': 'text/html' } })

/** A page of the hostile app, on a public path of its own. */
function hostilePage(body = '', ...fields: readonly string[]): string {
  const html = `<!doctype html><title>hostile</title>${body}`
  const lines = ['HTTP/1.1 200 OK', 'Content-Type: text/html', ...fields, `Content-Length: ${html.length}`]
  return hostile + answering('/public/page', head(...lines) + html)
}

interface Victim extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  readonly homeCookie: string
}

/** A browser whose person is signed in at Home, and in the app as well. */
async function startVictim(): Promise<Victim> {
  const homeCookie = await signInAtHome(lab.server, lab.homeHost)
  const context = await browser.newContext()
  const [name = '', value = ''] = homeCookie.split('=')
  const cookie = {
    name,
    value,
    domain: 'space.localhost',
    path: '/',
    httpOnly: true,
    sameSite: 'Lax' as const,
  }
  await context.addCookies([cookie])
  const page = await context.newPage()
  await page.goto(`${lab.app.url}/first`)
  expect(await page.locator('body').innerText()).toBe('secret of web')
  await arrived()
  return { context, page, homeCookie, [Symbol.asyncDispose]: () => context.close() }
}

/** Besides the icon that browsers ask for by themselves, whenever they like. */
const arrived = async () => (await lab.received()).filter((raw) => !raw.startsWith('GET /favicon.ico '))

/** State of Home that another user of the session would have changed. */
async function stateOfHome({ homeCookie }: Victim): Promise<string> {
  const ask = async (path: string) => {
    const answer = await lab.server.request(lab.homeHost, `/api/v0${path}`, {
      headers: { Cookie: homeCookie },
    })
    return [path, answer.status, await answer.text()]
  }
  const paths = ['/apps', '/access-tokens', `/instances/${lab.app.instance_id}/api_keys`, '/status']
  return JSON.stringify(await Promise.all(paths.map(ask)))
}

const ORIGINS = [
  ['a hostile app of the same domain', () => hostilePage()],
  ['a page elsewhere', () => stranger.origin],
] as const

describe.skipIf(missingBrowser !== null).each(ORIGINS)('%s', (_, pageOf) => {
  let victim: Victim
  beforeAll(async () => void (victim = await startVictim()))
  afterAll(async () => await victim?.[Symbol.asyncDispose]())

  test('reaches a public path in all of these ways, without an identity', async () => {
    await victim.page.goto(pageOf())
    const target = `${lab.app.url}/public/x`
    const { read } = await victim.page.evaluate(everyRequest, { target, api: target })
    expect(read).toContain('WebSocket')
    const requests = await arrived()
    expect(requests.filter((raw) => !raw.includes('X-Space-Principal: anonymous\r\n'))).toEqual([])
    for (const kind of [
      '?image',
      '?script',
      '?style',
      '?video',
      'POST',
      'OPTIONS',
      'text/event-stream',
      'websocket',
    ])
      expect([kind, requests.some((raw) => raw.includes(kind))]).toEqual([kind, true])
  })

  test('reaches no app with the person’s session, by anything but a link', async () => {
    await victim.page.goto(pageOf())
    const outcome = await victim.page.evaluate(everyRequest, {
      target: `${lab.app.url}/admin`,
      api: `${lab.app.url}/api/notes`,
    })
    expect(outcome.read).toEqual([])
    expect(await arrived()).toEqual([])
  })

  test('changes and reads nothing at Home', async () => {
    const before = await stateOfHome(victim)
    await victim.page.goto(pageOf())
    for (const path of [
      '/apps',
      '/session',
      '/access-tokens',
      `/instances/${lab.app.instance_id}/api_keys`,
    ]) {
      const target = `http://${lab.homeHost}/api/v0${path}`
      const outcome = await victim.page.evaluate(everyRequest, { target, api: target })
      expect([path, outcome.read]).toEqual([path, []])
    }
    expect(await stateOfHome(victim)).toBe(before)
  })

  test('signs the person out neither of the app nor of Home', async () => {
    await victim.page.goto(pageOf())
    const target = `${lab.app.url}/__space/auth/sign-out`
    await victim.page.evaluate(everyRequest, { target, api: target })
    await submitForm(victim.page, target)
    await victim.page.goto(pageOf())
    await submitForm(victim.page, `http://${lab.homeHost}/api/v0/session`)
    await victim.page.goto(`${lab.app.url}/still`)
    expect(await victim.page.locator('body').innerText()).toBe('secret of web')
    expect((await arrived()).map((raw) => raw.split(' HTTP')[0])).toContain('GET /still')
  })

  test('posts no form as the person: at most it leads there as a link does', async () => {
    await victim.page.goto(pageOf())
    await submitForm(victim.page, `${lab.app.url}/admin/delete`)
    const requests = await arrived()
    expect(requests.filter((raw) => !raw.startsWith('GET '))).toEqual([])
    expect(requests.join()).not.toContain('name=forged')
  })

  test('frames neither Home nor a private app', async () => {
    for (const address of [
      `http://${lab.homeHost}/`,
      `http://${lab.homeHost}/login`,
      `${lab.app.url}/admin`,
    ]) {
      await victim.page.goto(pageOf())
      await victim.page.evaluate(addFrame, address)
      const [, frame] = victim.page.frames()
      const text = await frame!.evaluate(() => document.body.innerText).catch(() => 'blocked')
      expect([address, /secret|Horizon|password/i.test(text)]).toEqual([address, false])
    }
    expect(await arrived()).toEqual([])
  })

  test('cannot look into a window of Home that it opened', async () => {
    await victim.page.goto(pageOf())
    const opened = victim.context.waitForEvent('page')
    await victim.page.evaluate((home) => {
      window.open(home)
    }, `http://${lab.homeHost}/`)
    const popup = await opened
    await popup.waitForLoadState()
    expect(await popup.evaluate(() => window.opener === null)).toBe(true)
  })

  test('a code of another person, followed as a link, creates no session', async () => {
    const attacker = await askForCode(lab.server, lab.host, lab.homeCookie)
    const cookies = async () =>
      JSON.stringify(
        (await victim.context.cookies(lab.app.url)).filter(({ name }) => name === 'space_session'),
      )
    const before = await cookies()
    await victim.page.goto(pageOf())
    const answer = await victim.page.goto(lab.app.url + attacker.callback)
    expect(answer?.status()).toBe(400)
    expect(await cookies()).toBe(before)
    await arrived()
  })
})

describe.skipIf(missingBrowser !== null)(
  'a hostile app on plain http may plant cookies for the whole domain',
  () => {
    const JUNK = 'A'.repeat(43)
    const plant = (page: Page, cookies: readonly string[]) =>
      page.evaluate((list) => {
        for (const cookie of list) document.cookie = `${cookie}; Domain=space.localhost`
        return document.cookie
      }, cookies)

    test('a session of its choice gives no access', async () => {
      await using victim = await startVictim()
      await victim.page.goto(hostilePage())
      await plant(victim.page, [`space_session=${JUNK}; Path=/`, `space_session=${JUNK}; Path=/admin`])
      await victim.page.goto(`${lab.app.url}/admin`)
      const requests = await arrived()
      for (const raw of requests) expect(raw).toMatch(/X-Space-Principal: user:usr_/)
      expect(requests.join()).not.toContain(JUNK)
    })

    test('a pre-login cookie of its choice creates no session', async () => {
      await using victim = await startVictim()
      await victim.context.clearCookies({ name: 'space_session' })
      await victim.page.goto(hostilePage())
      const planted = await plant(victim.page, [
        `space_login=${JUNK}; Path=/`,
        `space_login=${JUNK}; Path=/__space`,
      ])
      expect(planted).toContain('space_login')
      await victim.page.goto(`${lab.app.url}/admin`)
      expect(await arrived()).toEqual([])
      const sessions = (await victim.context.cookies(lab.app.url)).filter(
        ({ name }) => name === 'space_session',
      )
      expect(sessions).toEqual([])
      // The person can still sign in: the planted cookies have been removed.
      await victim.page.goto(`${lab.app.url}/admin`)
      expect(await victim.page.locator('body').innerText()).toBe('secret of web')
      await arrived()
    })

    test('a session of Home of its choice is not taken for the person’s', async () => {
      await using victim = await startVictim()
      await victim.page.goto(hostilePage())
      await plant(victim.page, [`space_home=${JUNK}; Path=/api`, `space_home=${JUNK}; Path=/`])
      await victim.page.goto(`http://${lab.homeHost}/`)
      const status = await victim.page.evaluate(async () => (await fetch('/api/v0/status')).json())
      expect((status as { user: { username: string } | null }).user?.username).toBe(lab.server.owner.username)
    })

    test('an answer of it cannot: neither by Set-Cookie nor by clearing', async () => {
      await using victim = await startVictim()
      const fields = [
        `Set-Cookie: space_session=${JUNK}; Domain=space.localhost; Path=/`,
        `Set-Cookie: other=${JUNK}; Domain=space.localhost; Path=/`,
        'Clear-Site-Data: "cookies"',
      ]
      await victim.page.goto(hostilePage('', ...fields))
      expect((await victim.context.cookies(lab.app.url)).filter(({ value }) => value === JUNK)).toEqual([])
      await victim.page.goto(`${lab.app.url}/still`)
      expect(await victim.page.locator('body').innerText()).toBe('secret of web')
      expect(await arrived()).toHaveLength(1)
    })
  },
)

describe.skipIf(missingBrowser !== null)('a service worker of a hostile app', () => {
  test('rules over its own host only, and never over Home or another app', async () => {
    await using victim = await startVictim()
    const code = 'self.onfetch = (event) => event.respondWith(new Response("worker"))'
    const lines = ['HTTP/1.1 200 OK', 'Content-Type: text/javascript', 'Service-Worker-Allowed: /']
    const script = answering('/public/sw.js', head(...lines, `Content-Length: ${code.length}`) + code)
    await victim.page.goto(hostilePage())
    const scopes = await victim.page.evaluate(register, {
      script,
      scopes: ['/', `${lab.app.url}/`, `http://${lab.homeHost}/`],
    })
    expect(scopes).toEqual(['/'])
    await victim.page.goto(`${lab.app.url}/admin`)
    expect(await victim.page.locator('body').innerText()).toBe('secret of web')
    await victim.page.goto(`http://${lab.homeHost}/`)
    expect(await victim.page.title()).not.toBe('')
    expect(await arrived()).toHaveLength(1)
  })
})

/** Sends every kind of request that a page can send without leaving; gives those whose answer it could read. */
async function everyRequest({ target, api }: { target: string; api: string }): Promise<{ read: string[] }> {
  const read: string[] = []
  const note = (name: string) => void read.push(name)
  const requests = (['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const).flatMap((method) =>
    (['cors', 'no-cors'] as const).map(async (mode) => {
      const body = method === 'GET' ? {} : { body: '{"name":"forged"}' }
      const answer = await fetch(target, { method, mode, credentials: 'include', ...body })
      if (answer.type !== 'opaque') note(`${method} ${mode}`)
    }),
  )
  const asJson = {
    method: 'POST',
    credentials: 'include',
    headers: { 'Content-Type': 'application/json' },
  } as const
  requests.push(fetch(api, { ...asJson, body: '{"name":"forged"}' }).then(() => note('json')))
  requests.push(
    fetch(api, { credentials: 'include', keepalive: true, mode: 'no-cors', method: 'POST' }).then(() => {}),
  )
  navigator.sendBeacon(target, '{"name":"forged"}')

  const settled = (element: HTMLElement, name: string) =>
    new Promise<void>((done) => {
      element.addEventListener('load', () => (note(name), done()))
      element.addEventListener('error', () => done())
      document.body.append(element)
    })
  const image = Object.assign(new Image(), { src: `${target}?image` })
  const script = Object.assign(document.createElement('script'), { src: `${target}?script` })
  const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${target}?style` })
  const video = Object.assign(document.createElement('video'), { src: `${target}?video` })
  requests.push(
    settled(image, 'image'),
    settled(script, 'script'),
    settled(style, 'style'),
    settled(video, 'video'),
  )

  const opened = (source: EventTarget, name: string) =>
    new Promise<void>((done) => {
      source.addEventListener('open', () => (note(name), done()))
      source.addEventListener('error', () => done())
    })
  requests.push(opened(new WebSocket(target.replace('http', 'ws')), 'WebSocket'))
  requests.push(opened(new EventSource(target, { withCredentials: true }), 'EventSource'))
  await Promise.allSettled(requests)
  return { read }
}

async function submitForm(page: Page, action: string): Promise<void> {
  const left = page.waitForEvent('framenavigated')
  await page.evaluate((address) => {
    const form = Object.assign(document.createElement('form'), {
      action: address,
      method: 'POST',
      enctype: 'text/plain',
    })
    form.append(Object.assign(document.createElement('input'), { name: 'name', value: 'forged' }))
    document.body.append(form)
    form.submit()
  }, action)
  await left
  await page.waitForLoadState()
}

function addFrame(address: string): Promise<void> {
  const frame = Object.assign(document.createElement('iframe'), { src: address })
  document.body.append(frame)
  return new Promise((done) => frame.addEventListener('load', () => done()))
}

async function register({ script, scopes }: { script: string; scopes: string[] }): Promise<string[]> {
  const taken: string[] = []
  for (const scope of scopes) {
    const registration = await navigator.serviceWorker.register(script, { scope }).catch(() => null)
    if (registration) taken.push(scope)
  }
  return taken
}
