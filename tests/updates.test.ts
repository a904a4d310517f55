/** An app is replaced while people use it, and no request fails. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { appendFileSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../src/kernel/testing/until.ts'
import { RawClient } from '../src/gateway/testing/raw-client.ts'
import { head, signInAtHome } from './attacks/support/attack-harness.ts'
import { startLoad } from './support/load.ts'
import { type Pushed, startTestSpace } from './support/space.ts'

const CLIENTS = 15

/** A space with the app, and what the tests do with it. */
async function startAppInUse(args: readonly string[]) {
  const my = await startTestSpace({ args })
  const folder = await my.copyApp('tests/fixtures/lasting')
  // So that its processes can be told from those of other tests.
  const mark = `app-${crypto.randomUUID()}`
  appendFileSync(join(folder, 'Spacefile'), `    run: node index.js ${mark}\n`)
  const push = (tag: string): Promise<Pushed> => my.push(folder, ['--tag', tag])
  const app = await push('one')
  const { host } = new URL(app.url)
  const homeHost = new URL(my.server.home).host
  const cookie = await signInAtHome(my.server, homeHost)
  const headers = {
    Cookie: cookie,
    Origin: my.server.home,
    'Sec-Fetch-Site': 'same-origin',
    'Content-Type': 'application/json',
  }
  return {
    my,
    push,
    processes: () => commandLines().filter((line) => line.startsWith('node\0') && line.includes(mark)),
    get: async (path: string) => (await my.server.request(host, path)).text(),
    home: (method: string, path: string, body: object = {}) =>
      my.server.request(homeHost, `/api/v0/instances/${app.instance_id}${path}`, {
        method,
        headers,
        body: JSON.stringify(body),
      }),
    load: () =>
      startLoad(CLIENTS, (count) =>
        my.server.request(host, '/', count % 2 ? { method: 'POST', body: 'x' } : { method: 'GET' }),
      ),
    async openSocket() {
      const client = await RawClient.connect(my.server.port)
      client.send(head('GET /socket HTTP/1.1', `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: echo'))
      await client.untilReceived('\r\n\r\n')
      return client
    },
    [Symbol.asyncDispose]: () => my[Symbol.asyncDispose](),
  }
}

type AppInUse = Awaited<ReturnType<typeof startAppInUse>>

const failures = (answers: readonly { status: number }[]) => answers.filter(({ status }) => status !== 200)

/** Of all processes on this machine. */
const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

describe('no request is lost', () => {
  let app: AppInUse
  beforeAll(async () => void (app = await startAppInUse(['--workers', '2'])))
  afterAll(async () => await app?.[Symbol.asyncDispose]())

  test('by three pushes in a row', async () => {
    const load = app.load()
    await load.answered(({ text }) => text === 'one hello')
    for (const tag of ['two', 'three', 'four']) await app.push(tag)
    await load.answered(({ text }) => text === 'four hello')
    const answers = await load.stop()
    expect(failures(answers)).toEqual([])
    expect(new Set(answers.map(({ text }) => text))).toContain('one hello')
    await until('only the last one runs', () => app.processes().length === 1)
  })

  test('by a new value of a setting', async () => {
    const load = app.load()
    await load.answered(({ status }) => status === 200)
    const micros = [{ name: 'main', presets: { env: [{ name: 'GREETING', value: 'good day' }] } }]
    expect((await app.home('PATCH', '', { micros })).status).toBe(200)
    expect(await app.get('/now')).toBe('four good day')
    await load.answered(({ text }) => text === 'four good day')
    expect(failures(await load.stop())).toEqual([])
  })

  test('by a new internal key', async () => {
    const load = app.load()
    await load.answered(({ status }) => status === 200)
    expect((await app.home('POST', '/internal_key/rotate')).status).toBe(204)
    expect(await app.get('/now')).toBe('four good day')
    expect(failures(await load.stop())).toEqual([])
  })
})

describe('with several gateways, a replaced process ends', () => {
  let app: AppInUse
  beforeAll(async () => void (app = await startAppInUse(['--workers', '2', '--drain-for', '10m'])))
  afterAll(async () => await app?.[Symbol.asyncDispose]())

  test('when the last WebSocket on any of them is closed', async () => {
    const sockets = await Promise.all(Array.from({ length: 8 }, () => app.openSocket()))
    const last = sockets.pop()!
    await app.push('two')
    for (const socket of sockets) socket.socket.destroy()
    last.send('still there?')
    await last.untilReceived('one: still there?')
    expect(app.processes()).toHaveLength(2)
    last.socket.destroy()
    await until('one process is left', () => app.processes().length === 1)
  })

  test('also when the gateways are replaced before it', async () => {
    const socket = await app.openSocket()
    await app.push('three')
    app.my.server.reload()
    expect(await app.get('/now')).toBe('three hello')
    socket.send('still there?')
    await socket.untilReceived('two: still there?')
    socket.socket.destroy()
    await until('one process is left', () => app.processes().length === 1)
  })
})

describe('a WebSocket to a replaced revision', () => {
  let app: AppInUse
  let revision: number
  beforeAll(async () => {
    app = await startAppInUse(['--drain-for', '6s'])
    revision = 1
  })
  afterAll(async () => await app?.[Symbol.asyncDispose]())

  /** Opens one, replaces what it is open to, and shows that it still works. */
  async function openAndReplace(before: string) {
    const socket = await app.openSocket()
    const next = `rev${++revision}`
    const pushed = app.push(next)
    // Not after the push: on a busy machine, its command may take longer than the bound to end.
    await until('the new revision answers', async () => (await app.get('/now')) === `${next} hello`)
    socket.send('still there?')
    expect(await socket.untilReceived('there?')).toEndWith(`${before}: still there?`)
    await pushed
    return { socket, next }
  }

  let serving = 'one'

  test('works until the bound, and is closed then', async () => {
    const { socket, next } = await openAndReplace(serving)
    await socket.untilEnd()
    serving = next
    expect(await app.get('/now')).toBe(`${next} hello`)
  })

  test('may crash its process: the new one still answers', async () => {
    const { socket, next } = await openAndReplace(serving)
    socket.send('die')
    await socket.untilEnd()
    serving = next
    expect(await app.get('/now')).toBe(`${next} hello`)
  })

  test('does not keep a deleted app alive', async () => {
    const { socket } = await openAndReplace(serving)
    expect((await app.home('DELETE', '')).status).toBe(204)
    expect(app.processes()).toEqual([])
    await socket.untilEnd()
  })
})

test('a WebSocket to a replaced revision does not keep the server from stopping', async () => {
  await using app = await startAppInUse(['--drain-for', '1h'])
  using socket = await app.openSocket()
  await app.push('two')
  expect(app.processes()).toHaveLength(2)
  expect(await app.my.server.stop()).toBe(0)
  await socket.untilEnd()
  expect(app.processes()).toEqual([])
})
