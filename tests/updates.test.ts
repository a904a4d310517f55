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
  let revision = 1
  const app = await push('rev1')
  const get = async (path: string) => (await my.server.request(host, path)).text()
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
    get,
    /** Pushes a new revision. Its tag comes before the push has ended. */
    pushNext() {
      const tag = `rev${++revision}`
      // Each push differs: one without a change leaves the serving processes alone.
      appendFileSync(join(folder, 'index.js'), `// ${tag}\n`)
      return { tag, pushed: push(tag) }
    },
    /** The revision that answers, and its greeting. */
    async now() {
      const [tag = '', ...greeting] = (await get('/now')).split(' ')
      return { tag, greeting: greeting.join(' ') }
    },
    processes: () => commandLines().filter((line) => line.startsWith('node\0') && line.includes(mark)),
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
    const { tag: first, greeting } = await app.now()
    const load = app.load()
    await load.answered(({ text }) => text === `${first} ${greeting}`)
    let last = first
    for (let count = 0; count < 3; count++) {
      const { tag, pushed } = app.pushNext()
      await pushed
      last = tag
    }
    await load.answered(({ text }) => text === `${last} ${greeting}`)
    const answers = await load.stop()
    expect(failures(answers)).toEqual([])
    expect(new Set(answers.map(({ text }) => text))).toContain(`${first} ${greeting}`)
    await until('only the last one runs', () => app.processes().length === 1)
  })

  test('by a new value of a setting', async () => {
    const { tag } = await app.now()
    const load = app.load()
    await load.answered(({ status }) => status === 200)
    const micros = [{ name: 'main', presets: { env: [{ name: 'GREETING', value: 'good day' }] } }]
    expect((await app.home('PATCH', '', { micros })).status).toBe(200)
    expect(await app.now()).toEqual({ tag, greeting: 'good day' })
    await load.answered(({ text }) => text === `${tag} good day`)
    expect(failures(await load.stop())).toEqual([])
  })

  test('by a new internal key', async () => {
    const before = await app.now()
    const load = app.load()
    await load.answered(({ status }) => status === 200)
    expect((await app.home('POST', '/internal_key/rotate')).status).toBe(204)
    expect(await app.now()).toEqual(before)
    expect(failures(await load.stop())).toEqual([])
  })
})

describe('with several gateways, a replaced process ends', () => {
  let app: AppInUse
  beforeAll(async () => void (app = await startAppInUse(['--workers', '2', '--drain-for', '10m'])))
  afterAll(async () => await app?.[Symbol.asyncDispose]())

  test('when the last WebSocket on any of them is closed', async () => {
    const { tag } = await app.now()
    const sockets = await Promise.all(Array.from({ length: 8 }, () => app.openSocket()))
    const last = sockets.pop()!
    await app.pushNext().pushed
    for (const socket of sockets) socket.socket.destroy()
    last.send('still there?')
    await last.untilReceived(`${tag}: still there?`)
    expect(app.processes()).toHaveLength(2)
    last.socket.destroy()
    await until('one process is left', () => app.processes().length === 1)
  })

  test('also when the gateways are replaced before it', async () => {
    const { tag, greeting } = await app.now()
    const socket = await app.openSocket()
    const next = app.pushNext()
    await next.pushed
    app.my.server.reload()
    expect(await app.now()).toEqual({ tag: next.tag, greeting })
    socket.send('still there?')
    await socket.untilReceived(`${tag}: still there?`)
    socket.socket.destroy()
    await until('one process is left', () => app.processes().length === 1)
  })
})

describe('a WebSocket to a replaced revision', () => {
  let app: AppInUse
  beforeAll(async () => void (app = await startAppInUse(['--drain-for', '6s'])))
  afterAll(async () => await app?.[Symbol.asyncDispose]())

  /** Opens one, replaces what it is open to, and shows that it still works. */
  async function openAndReplace(app: AppInUse) {
    const before = await app.now()
    const socket = await app.openSocket()
    const { tag, pushed } = app.pushNext()
    // Not after the push: on a busy machine, its command may take longer than the bound to end.
    await until('the new revision answers', async () => (await app.now()).tag === tag)
    socket.send('still there?')
    expect(await socket.untilReceived('there?')).toEndWith(`${before.tag}: still there?`)
    await pushed
    return { socket, tag }
  }

  test('works until the bound, and is closed then', async () => {
    const { socket, tag } = await openAndReplace(app)
    await socket.untilEnd()
    expect((await app.now()).tag).toBe(tag)
  })

  test('may crash its process: the new one still answers', async () => {
    const { socket, tag } = await openAndReplace(app)
    socket.send('die')
    await socket.untilEnd()
    expect((await app.now()).tag).toBe(tag)
  })

  test('does not keep a deleted app alive', async () => {
    await using deleted = await startAppInUse(['--drain-for', '1h'])
    const { socket } = await openAndReplace(deleted)
    expect((await deleted.home('DELETE', '')).status).toBe(200)
    expect(deleted.processes()).toEqual([])
    await socket.untilEnd()
  })
})

test('a WebSocket to a replaced revision does not keep the server from stopping', async () => {
  await using app = await startAppInUse(['--drain-for', '1h'])
  using socket = await app.openSocket()
  await app.pushNext().pushed
  expect(app.processes()).toHaveLength(2)
  expect(await app.my.server.stop()).toBe(0)
  await socket.untilEnd()
  expect(app.processes()).toEqual([])
})
