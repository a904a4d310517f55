import { describe, expect, test } from 'bun:test'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { until } from '../../../kernel/testing/until.ts'
import { freePort } from '../process/free-port.ts'
import { parseListening } from '../process/listening-ports.ts'
import { readAll } from '../process/read-all.ts'
import { fetchAt } from '../../testing/fetch-at.ts'
import { listenOnHost } from '../../testing/host-server.ts'
import { inside, start } from '../../testing/inside.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'

const sandbox = (await sandboxOrSkip())!

/** Sends as many bytes to the host as it receives; reads slowly. */
const CALL_HOST = `const BYTES = 24 * 1024 * 1024
const call = (options, body) => new Promise((resolve, reject) => {
  const request = require('http').request('http://notes.cloud.test:7070/', options, (answer) => {
    let bytes = 0
    answer.on('data', (chunk) => {
      bytes += chunk.length
      answer.pause()
      setTimeout(() => answer.resume(), 1)
    })
    answer.on('end', () => resolve(bytes))
  })
  request.on('error', reject)
  request.end(body)
})
async function main() {
  for (let round = 0; round < 3; round++) {
    await call({ method: 'POST' }, Buffer.alloc(BYTES))
    if (await call({ method: 'GET' }) !== BYTES) process.exit(1)
  }
  console.log('WHOLE')
}
main()`

/** A program for bun that tries to connect and prints whether it could. */
const connectScript = (target: string) =>
  `bun -e 'const s = require("net").connect(${target}); s.on("connect", () => { console.log("CONNECTED"); process.exit() }); s.on("error", () => process.exit())'`

const SERVE = (text: string) =>
  `exec bun -e 'Bun.serve({ port: 8080, fetch: () => new Response("${text}") })'`

/** Counts the bytes it receives, slowly, or sends as many. */
const SLOW = `require('http').createServer((request, response) => {
  if (request.method === 'GET') return response.end(Buffer.alloc(24 * 1024 * 1024))
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
    request.pause()
    setTimeout(() => request.resume(), 1)
  })
  request.on('end', () => response.end(String(bytes)))
}).listen(8080)`

const hostPorts = (): number[] =>
  ['tcp', 'tcp6']
    .flatMap((name) => parseListening(readFileSync(`/proc/self/net/${name}`, 'latin1')))
    .map(({ port }) => port)

describe.skipIf(!sandbox)('network', () => {
  test("a port on the host's loopback cannot be reached, by any of its names", async () => {
    using harness = openSandboxHarness()
    using server = await listenOnHost({ port: 0, host: '127.0.0.1' })
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `
        gateway=$(perl -ane 'print join ".", reverse map hex, $F[2] =~ /../g if $F[1] eq "00000000"' /proc/net/route)
        for host in 127.0.0.1 127.0.0.2 localhost 0.0.0.0 "$gateway"; do
          (timeout 1 bash -c "exec 3<>/dev/tcp/$host/${server.port}") 2>/dev/null && echo "REACHED $host"
        done; true`,
    })
    expect(stdout).toBe('')
    expect(server.connections()).toBe(0)
  })

  test.each([443, 7070])(
    "port %d of the app's own name leads to the host's port for micros, and nothing else does",
    async (port) => {
      using harness = openSandboxHarness()
      using gateway = await listenOnHost({ port: 0, host: '127.0.0.1' })
      using other = await listenOnHost({ port: 0, host: '127.0.0.1' })
      const reach = (host: string, at: number) =>
        `(timeout 1 bash -c "exec 3<>/dev/tcp/${host}/${at}; cat <&3") 2>/dev/null && echo "REACHED ${host}:${at}"`
      const { stdout } = await inside(sandbox, {
        dir: harness.folder('app'),
        ownHost: { name: 'notes-ab12.cloud.test', port, hostPort: gateway.port },
        script: `${reach('notes-ab12.cloud.test', port)}; ${reach('127.0.0.1', other.port)}
        ${reach('127.0.0.1', gateway.port)}; ${reach('notes-ab12.cloud.test', other.port)}
        ${reach('127.0.0.2', port)}; true`,
      })
      expect(stdout).toBe(`REACHED notes-ab12.cloud.test:${port}`)
      expect([gateway.connections(), other.connections()]).toEqual([1, 0])
    },
  )

  test("the host's own address reaches the sandbox itself, not the host", async () => {
    using harness = openSandboxHarness()
    using server = await listenOnHost({ port: 0, host: '0.0.0.0' })
    const own = Object.values(networkInterfaces())
      .flat()
      .filter((at) => at?.family === 'IPv4' && !at.internal)
      .map((at) => at!.address)
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `for host in ${own.slice(0, 1).join(' ')}; do (timeout 1 bash -c "exec 3<>/dev/tcp/$host/${server.port}") 2>/dev/null && echo "REACHED $host"; done; true`,
    })
    expect(stdout).toBe('')
  })

  test('a unix socket of the server cannot be reached, nor an abstract one', async () => {
    using harness = openSandboxHarness()
    const path = join(harness.folder('run'), 'control.sock')
    const abstract = `\0ownspace-test-${crypto.randomUUID()}`
    using named = await listenOnHost({ path })
    using nameless = await listenOnHost({ path: abstract })
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: [path, abstract].map((at) => connectScript(`{ path: ${JSON.stringify(at)} }`)).join('\n'),
    })
    expect(stdout).toBe('')
    expect(named.connections() + nameless.connections()).toBe(0)
    // The same program connects from outside, so the sandbox is what prevents it inside.
    const control = Bun.spawn(
      [
        'sh',
        '-c',
        connectScript(`{ path: ${JSON.stringify(abstract)} }`).replace(/^bun/, `"$0"`),
        process.execPath,
      ],
      { env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    expect(await readAll(control.stdout)).toBe('CONNECTED\n')
  })

  test('a micro opens no port on the host, whatever it listens on, and can still be reached', async () => {
    using harness = openSandboxHarness()
    const other = await freePort()
    const before = hostPorts()
    await using app = await start(sandbox, {
      dir: harness.folder('app'),
      script: `exec bun -e 'for (const port of [8080, 8081, ${other}]) Bun.serve({ port, hostname: "0.0.0.0", fetch: () => new Response("hello") })'`,
    })
    await until('the app listens', async () => (await app.listeners()).elsewhere.includes(String(other)))
    expect(await (await fetchAt(app.address!)).text()).toBe('hello')
    // Other programs of this machine open ports as well.
    const opened = hostPorts().filter((port) => !before.includes(port))
    expect(opened.filter((port) => [8080, 8081, other].includes(port))).toEqual([])
  })

  test('only the host user of the micro and root can connect to its socket', async () => {
    using harness = openSandboxHarness()
    await using app = await start(sandbox, { dir: harness.folder('app'), script: SERVE('hello') })
    const { socket } = app.address as { socket: string }
    expect(statSync(socket).mode & 0o077).toBe(0)
    expect(statSync(dirname(socket)).mode & 0o077).toBe(0)
  })

  test('large bodies reach a slow reader completely, in both directions', async () => {
    using harness = openSandboxHarness()
    await using app = await start(sandbox, {
      dir: harness.folder('app', { 'slow.js': SLOW }),
      script: 'exec bun slow.js',
    })
    await until('the app listens', async () => (await app.listeners()).ready)
    const bytes = 24 * 1024 * 1024
    for (let round = 0; round < 3; round++) {
      const answer = await fetchAt(app.address!, { method: 'POST', body: new Uint8Array(bytes) })
      expect(await answer.text()).toBe(String(bytes))
    }
    const stream = (await fetchAt(app.address!)).body!
    let received = 0
    for await (const chunk of stream) {
      received += chunk.length
      await Bun.sleep(1)
    }
    expect(received).toBe(bytes)
  })

  test('large bodies reach the host and the app completely, also when either reads slowly', async () => {
    using harness = openSandboxHarness()
    const bytes = 24 * 1024 * 1024
    const received: number[] = []
    using host = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      async fetch(request) {
        if (request.method === 'GET') return new Response(new Uint8Array(bytes))
        let count = 0
        for await (const chunk of request.body!) {
          count += chunk.length
          await Bun.sleep(1)
        }
        received.push(count)
        return new Response()
      },
    })
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app', { 'call.js': CALL_HOST }),
      ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: host.port! },
      script: 'bun call.js',
    })
    expect(stdout).toBe('WHOLE')
    expect(received).toEqual([bytes, bytes, bytes])
  })

  test('a call that the host never reads ends with the app', async () => {
    using harness = openSandboxHarness()
    const called = Promise.withResolvers<void>()
    const host = createServer({ pauseOnConnect: true }, () => called.resolve())
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    const { port } = host.address() as { port: number }
    const relays = () => readdirSync('/proc').filter((pid) => isRelayTo(pid, `TCP4:127.0.0.1:${port},`))
    {
      await using _app = await start(sandbox, {
        dir: harness.folder('app'),
        ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: port },
        script: 'exec cat /dev/zero > /dev/tcp/127.0.0.1/7070',
      })
      await called.promise
      expect(relays()).toHaveLength(2)
    }
    await until('the relays end', () => relays().length === 0)
    host.close()
  })

  test('helpers in the network of a micro have no privileges over it except to bind a port', async () => {
    using harness = openSandboxHarness()
    const port = await freePort()
    const isRelay = (pid: string) => isRelayTo(pid, `TCP4-LISTEN:${port},`)
    await using _app = await start(sandbox, {
      dir: harness.folder('app'),
      ownHost: { name: 'notes.cloud.test', port, hostPort: port },
      script: 'exec sleep 600',
    })
    const relays = readdirSync('/proc').filter(isRelay)
    expect(relays).toHaveLength(1)
    const status = readFileSync(`/proc/${relays[0]}/status`, 'latin1')
    const MAY_BIND = 1 << 10
    for (const [, rights] of status.matchAll(/^Cap(?:Prm|Eff|Amb):\s+(\w+)$/gm))
      expect(Number.parseInt(rights!, 16) & ~MAY_BIND).toBe(0)
  })

  test('two micros that both listen on 8080 do not share a port', async () => {
    using harness = openSandboxHarness()
    await using one = await start(sandbox, { dir: harness.folder('one'), script: SERVE('one') })
    await using two = await start(sandbox, { dir: harness.folder('two'), script: SERVE('two') })
    for (const app of [one, two]) await until('the app listens', async () => (await app.listeners()).ready)
    const answers = await Promise.all([one, two].map(async ({ address }) => (await fetchAt(address!)).text()))
    expect(answers).toEqual(['one', 'two'])
  })
})

function isRelayTo(pid: string, address: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      .split('\0')
      .some((arg) => arg.startsWith(address))
  } catch {
    return false
  }
}
