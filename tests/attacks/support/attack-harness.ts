/** What every attack needs: a real server, an app that keeps the raw bytes it was sent, and its owner signed in. */
import { beforeEach } from 'bun:test'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { RawClient } from '../../../src/gateway/testing/raw-client.ts'
import type { TestServer, TestServerOptions } from '../../support/server.ts'
import { type Pushed, type TestSpace, startTestSpace } from '../../support/space.ts'

const RECORDER = join(import.meta.dir, '../../fixtures/recorder')

export interface Lab extends AsyncDisposable {
  readonly space: TestSpace
  readonly server: TestServer
  readonly app: Pushed
  /** `recorder-ab12cd.space.localhost:41234` */
  readonly host: string
  readonly homeHost: string
  /** The owner at Home. */
  readonly homeCookie: string
  /** The owner on the app's host. */
  readonly cookie: string
  /** `DETA_API_KEY` of the app. */
  readonly internalKey: string
  /** `SPACE_IDENTITY_KEY` of the app. */
  readonly identityKey: string
  /** Sends exactly these bytes and gives what came until the server's end. */
  send(bytes: string): Promise<string>
  /** A GET on a connection of its own, target and fields exactly as written. */
  get(target: string, ...fields: readonly string[]): Promise<string>
  connect(): Promise<RawClient>
  /** The raw requests that the app's two micros were sent since it was last asked. */
  received(): Promise<string[]>
  /** Pushes the recorder once more, as another app of the same person. */
  pushAnother(name: string): Promise<Pushed>
  /** A call to Home's API by the owner's own page. */
  home(method: string, path: string, body?: unknown): Promise<Response>
}

export async function startLab(options: TestServerOptions = {}): Promise<Lab> {
  const space = await startTestSpace(options)
  const { server } = space
  const app = await space.push(await space.copyApp('tests/fixtures/recorder'))
  const { host } = new URL(app.url)
  const homeHost = host.slice(host.indexOf('.') + 1)
  const homeCookie = await signInAtHome(server, homeHost)
  const cookie = await enterApp(server, host, homeCookie)
  const { internalKey, identityKey } = await recordedBy(server, host, '', { Cookie: cookie })
  const connect = () => RawClient.connect(server.port)
  const send = async (bytes: string) => {
    using client = await connect()
    client.send(bytes)
    return await client.untilEnd()
  }
  return {
    space,
    server,
    app,
    host,
    homeHost,
    homeCookie,
    cookie,
    internalKey,
    identityKey,
    connect,
    send,
    get: (target, ...fields) =>
      send(head(`GET ${target} HTTP/1.1`, `Host: ${host}`, ...fields, 'Connection: close')),
    async received() {
      const micros = ['', '/api'].map((mount) =>
        recordedBy(server, host, mount, { 'X-API-Key': internalKey }),
      )
      return (await Promise.all(micros)).flatMap(({ received }) => received)
    },
    async pushAnother(name) {
      const folder = join(space.folder, name)
      await cp(RECORDER, folder, { recursive: true })
      const spacefile = Bun.file(join(folder, 'Spacefile'))
      await Bun.write(spacefile, (await spacefile.text()).replace('app_name: Recorder', `app_name: ${name}`))
      return await space.push(folder)
    },
    home: (method, path, body) =>
      server.request(homeHost, `/api/v0${path}`, {
        method,
        body: body === undefined ? null : JSON.stringify(body),
        headers: {
          Cookie: homeCookie,
          Origin: `http://${homeHost}`,
          'Sec-Fetch-Site': 'same-origin',
          'Content-Type': 'application/json',
        },
      }),
    [Symbol.asyncDispose]: () => space[Symbol.asyncDispose](),
  }
}

/** Before each test, the app forgets what it was sent by others: each test can run alone and in any order. */
export const forgetEarlierRequests = (lab: () => Lab): void =>
  beforeEach(async () => void (await lab().received()))

async function recordedBy(server: TestServer, host: string, mount: string, headers: Record<string, string>) {
  const answer = await server.request(host, `${mount}/recorded`, { headers })
  if (answer.status !== 200) throw new Error(`the recorder answered ${answer.status}`)
  return (await answer.json()) as { received: string[]; internalKey: string; identityKey: string }
}

/** The `Cookie` value of a new session of Home. */
export async function signInAtHome(server: TestServer, homeHost: string): Promise<string> {
  const answer = await server.request(homeHost, '/api/v0/session', {
    method: 'POST',
    body: JSON.stringify(server.owner),
    headers: { 'Content-Type': 'application/json' },
  })
  return requireCookie(answer, 'space_home')
}

/** The hand-off, step by step, as a browser does it. The `Cookie` value of a new session on the app's host. */
export async function enterApp(server: TestServer, host: string, homeCookie: string): Promise<string> {
  const { callback, loginCookie } = await askForCode(server, host, homeCookie)
  const answer = await server.request(host, callback, { headers: { Cookie: loginCookie } })
  return requireCookie(answer, 'space_session')
}

/** The first two steps: a code for this host, and the pre-login cookie that it is bound to. */
export async function askForCode(
  server: TestServer,
  host: string,
  homeCookie: string,
  path = '/',
): Promise<{ callback: string; loginCookie: string }> {
  const refusal = await server.request(host, path, { headers: { Accept: 'text/html' } })
  const handoff = new URL(refusal.headers.get('location') ?? `no redirect but ${refusal.status}`)
  const loginCookie = requireCookie(refusal, 'space_login')
  const sent = await server.request(handoff.host, handoff.pathname + handoff.search, {
    headers: { Cookie: homeCookie },
  })
  const { pathname, search } = new URL(sent.headers.get('location') ?? '')
  return { callback: pathname + search, loginCookie }
}

export function requireCookie(answer: Response, name: string): string {
  const cookie = answer.headers.getSetCookie().find((value) => value.startsWith(`${name}=`))
  if (cookie === undefined) throw new Error(`no ${name} in an answer with status ${answer.status}`)
  return cookie.split(';')[0]!
}

/** Each line with its end, and the empty line behind them. */
export const head = (...lines: readonly string[]): string =>
  lines.map((line) => `${line}\r\n`).join('') + '\r\n'

/** Of all answers on a connection; bodies need no line end before the next one. */
export const statusesOf = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]))

/** A target whose answer the recorder sends as exactly these bytes. */
export const answering = (path: string, bytes: string, then: 'keep' | 'close' = 'keep'): string =>
  `${path}?answer=${Buffer.from(bytes, 'latin1').toString('base64url')}&then=${then}`
