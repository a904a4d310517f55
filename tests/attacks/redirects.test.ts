/** ATTACKS E: signing in leads back to where the person wanted to go, and nowhere else. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { askForCode, type Lab, requireCookie, startLab } from './support/attack-harness.ts'

let lab: Lab
beforeAll(async () => void (lab = await startLab()))
afterAll(async () => await lab?.[Symbol.asyncDispose]())

const CHALLENGE = 'a'.repeat(43)
const atHome = (path: string, query: Record<string, string>) =>
  lab.server.request(lab.homeHost, `${path}?${new URLSearchParams(query)}`, {
    headers: { Cookie: lab.homeCookie },
  })

/** Where a browser would go. */
const destination = (answer: Response, base: string) => new URL(answer.headers.get('location') ?? '', base)

const ELSEWHERE: readonly string[] = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\r\n/evil.example',
  ' //evil.example',
  'https:evil.example',
  'https:/evil.example',
  'http://space.localhost.evil.example/',
  'http://evilspace.localhost/',
  'http://space.localhost@evil.example/',
  'http://space.localhost%40evil.example/',
  'http://evil.example#.space.localhost',
  'http://evil.example?.space.localhost',
  'http://evil.example\\.space.localhost',
  'http://evil.example%2f.space.localhost',
  'http://evil.example\u3002space.localhost/',
  'http://spaceXlocalhost/',
  'http://space.localhost:1/',
  'http://localhost:1/callback',
  'https://space.localhost/',
  'evil.example?.space.localhost',
  'javascript:alert(1)//space.localhost',
  'data:text/html,x',
  'myapp://callback',
  'http://a.b.space.localhost/',
  'http://-.space.localhost/',
]

describe('/auth/return redirects to Home or an app, whatever its parameter', () => {
  test.each(ELSEWHERE)('%p', async (target) => {
    const answer = await atHome('/auth/return', { redirect_uri: target })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `http://${lab.homeHost}`])
  })

  test('an app’s own address is followed', async () => {
    const answer = await atHome('/auth/return', { redirect_uri: `${lab.app.url}/a?b=c` })
    expect(answer.headers.get('location')).toBe(`${lab.app.url}/a?b=c`)
  })
})

describe('a code goes to the host of an app of this person, and to no other', () => {
  test.each([
    ...ELSEWHERE,
    'evil.example',
    'space.localhost',
    'recorder-aaaaaa.space.localhost',
    'RECORDER.evil.example',
    '',
  ])('host %p', async (host) => {
    const answer = await atHome('/auth/handoff', { host, to: '/', challenge: CHALLENGE })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('location')).toBeNull()
  })

  test('in our own spelling of the address', async () => {
    const name = new URL(lab.app.url).hostname
    for (const host of [name.toUpperCase(), `${name}.`, `${name}:1`, `${name}:443`]) {
      const answer = await atHome('/auth/handoff', { host, to: '/', challenge: CHALLENGE })
      expect(destination(answer, lab.app.url).origin).toBe(lab.app.url)
    }
  })

  test.each(['', 'short', 'a'.repeat(44), `${'a'.repeat(42)}=`, `${'a'.repeat(42)}\n`])(
    'the challenge %p is refused',
    async (challenge) => {
      expect((await atHome('/auth/handoff', { host: lab.host, to: '/', challenge })).status).toBe(400)
    },
  )
})

describe('the way back stays on the app’s host', () => {
  test.each([
    ...ELSEWHERE,
    '/__space/auth/sign-out',
    '/__SPACE/x',
    '/%5f_space/auth/callback',
    '/..//evil.example',
  ])('to %p', async (to) => {
    const refusal = await lab.server.request(lab.host, '/', { headers: { Accept: 'text/html' } })
    const { searchParams } = new URL(refusal.headers.get('location')!)
    const query = { host: lab.host, to, challenge: searchParams.get('challenge')! }
    const sent = await atHome('/auth/handoff', query)
    const callback = destination(sent, lab.app.url)
    const answer = await lab.server.request(lab.host, callback.pathname + callback.search, {
      headers: { Cookie: requireCookie(refusal, 'space_login') },
    })
    const end = destination(answer, 'http://evil.example/')
    expect([answer.status, end.origin]).toEqual([302, lab.app.url])
    expect(end.pathname).not.toMatch(/__space|^\/\//i)
    expect([...answer.headers.keys()]).not.toContain('evil.example')
  })

  test('also when the request itself named another', async () => {
    for (const path of [
      '//evil.example/x',
      '/\\evil.example',
      '/x/@evil.example',
      '/?to=https://evil.example',
    ]) {
      const { callback, loginCookie } = await askForCode(lab.server, lab.host, lab.homeCookie, path)
      const answer = await lab.server.request(lab.host, callback, { headers: { Cookie: loginCookie } })
      expect(destination(answer, 'http://evil.example/').origin).toBe(lab.app.url)
    }
  })
})

test('a stranger is sent to sign in, and what they came with stays a parameter', async () => {
  const query = new URLSearchParams({ host: 'evil.example', to: '//evil.example', challenge: CHALLENGE })
  const answer = await lab.server.request(lab.homeHost, `/auth/handoff?${query}`)
  const login = destination(answer, 'http://evil.example/')
  expect([login.host, login.pathname]).toEqual([lab.homeHost, '/login'])
  const back = new URL(login.searchParams.get('redirect_uri')!)
  expect([back.host, back.pathname]).toEqual([lab.homeHost, '/auth/handoff'])
})

test('no code is given to an image, a frame or a script, nor to a page that calls', async () => {
  const query = new URLSearchParams({ host: lab.host, to: '/', challenge: CHALLENGE })
  const asks: Record<string, string>[] = [
    { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image', 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe', 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'embed', 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Site': 'same-origin' },
    { Origin: lab.app.url },
    { Origin: 'null' },
  ]
  for (const headers of asks) {
    const answer = await lab.server.request(lab.homeHost, `/auth/handoff?${query}`, {
      headers: { Cookie: lab.homeCookie, ...headers },
    })
    expect([JSON.stringify(headers), answer.status]).toEqual([JSON.stringify(headers), 403])
  }
})
