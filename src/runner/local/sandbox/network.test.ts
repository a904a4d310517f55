import { describe, expect, test } from 'bun:test'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { until } from '../../../kernel/testing/until.ts'
import { freePort } from '../process/free-port.ts'
import { parseListening } from '../process/listening-ports.ts'
import { textOf } from '../process/read-all.ts'
import { fetchAt } from '../../testing/fetch-at.ts'
import { inside, start } from '../../testing/inside.ts'
import { openSandboxHarness, wallsOrSkip } from '../../testing/sandbox-harness.ts'

const walls = (await wallsOrSkip())!

/** Sends as much to the host as it gets from there; reads what comes slowly. */
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

/** A server of the host that counts who reaches it. */
async function listen(where: { port: number; host: string } | { path: string }) {
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    socket.end()
  })
  await new Promise<void>((resolve) => server.listen(where, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    connections: () => connections,
    [Symbol.dispose]: () => void server.close(),
  }
}

/** `perl connect.pl <address> <port> [bound]` prints what came of trying, `REACHED` or the reason. */
const CONNECT = `use Socket;
my ($host, $port, $bound) = @ARGV;
my $is6 = $host =~ /:/;
socket(S, $is6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die $!;
if ($bound) {
  open(R, "/proc/net/route");
  my ($interface) = (<R>)[1] =~ /^(\\S+)/;
  # SO_BINDTODEVICE: the kernel takes every address for a neighbour then, and asks no route.
  setsockopt(S, SOL_SOCKET, 25, "$interface\\0") or die "bind $!";
}
my $to = Socket::inet_pton($is6 ? AF_INET6 : AF_INET, $host);
$SIG{ALRM} = sub { print "silence\\n"; exit };
alarm 1;
my $name = $is6 ? pack_sockaddr_in6($port, $to) : pack_sockaddr_in($port, $to);
print connect(S, $name) ? "REACHED $host\\n" : "$!\\n"`

/** A program for bun that tries to connect and says whether it could. */
const connectScript = (target: string) =>
  `bun -e 'const s = require("net").connect(${target}); s.on("connect", () => { console.log("CONNECTED"); process.exit() }); s.on("error", () => process.exit())'`

const SERVE = (text: string) =>
  `exec bun -e 'Bun.serve({ port: 8080, fetch: () => new Response("${text}") })'`

/** Counts what is sent, slowly; sends as much to whoever asks. */
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

describe.skipIf(!walls)('network', () => {
  test("a port on the host's loopback is out of reach, by any of its names", async () => {
    using bench = openSandboxHarness()
    using server = await listen({ port: 0, host: '127.0.0.1' })
    const { stdout } = await inside(walls, {
      dir: bench.folder('app'),
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
      using bench = openSandboxHarness()
      using door = await listen({ port: 0, host: '127.0.0.1' })
      using other = await listen({ port: 0, host: '127.0.0.1' })
      const reach = (host: string, at: number) =>
        `(timeout 1 bash -c "exec 3<>/dev/tcp/${host}/${at}; cat <&3") 2>/dev/null && echo "REACHED ${host}:${at}"`
      const { stdout } = await inside(walls, {
        dir: bench.folder('app'),
        ownHost: { name: 'notes-ab12.cloud.test', port, hostPort: door.port },
        script: `${reach('notes-ab12.cloud.test', port)}; ${reach('127.0.0.1', other.port)}
        ${reach('127.0.0.1', door.port)}; ${reach('notes-ab12.cloud.test', other.port)}
        ${reach('127.0.0.2', port)}; true`,
      })
      expect(stdout).toBe(`REACHED notes-ab12.cloud.test:${port}`)
      expect([door.connections(), other.connections()]).toEqual([1, 0])
    },
  )

  test("the host's own address leads to the sandbox itself, not to the host", async () => {
    using bench = openSandboxHarness()
    using server = await listen({ port: 0, host: '0.0.0.0' })
    const own = Object.values(networkInterfaces())
      .flat()
      .filter((at) => at?.family === 'IPv4' && !at.internal)
      .map((at) => at!.address)
    const { stdout } = await inside(walls, {
      dir: bench.folder('app'),
      script: `for host in ${own.slice(0, 1).join(' ')}; do (timeout 1 bash -c "exec 3<>/dev/tcp/$host/${server.port}") 2>/dev/null && echo "REACHED $host"; done; true`,
    })
    expect(stdout).toBe('')
  })

  test('a unix socket of the server is out of reach, also an abstract one', async () => {
    using bench = openSandboxHarness()
    const path = join(bench.folder('run'), 'control.sock')
    const abstract = `\0ownspace-test-${crypto.randomUUID()}`
    using named = await listen({ path })
    using nameless = await listen({ path: abstract })
    const { stdout } = await inside(walls, {
      dir: bench.folder('app'),
      script: [path, abstract].map((at) => connectScript(`{ path: ${JSON.stringify(at)} }`)).join('\n'),
    })
    expect(stdout).toBe('')
    expect(named.connections() + nameless.connections()).toBe(0)
    // The same program connects from outside: it is the wall that holds.
    const control = Bun.spawn(
      [
        'sh',
        '-c',
        connectScript(`{ path: ${JSON.stringify(abstract)} }`).replace(/^bun/, `"$0"`),
        process.execPath,
      ],
      { env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    expect(await textOf(control.stdout)).toBe('CONNECTED\n')
  })

  test('a micro opens no port on the host, whatever it listens on, and is reached all the same', async () => {
    using bench = openSandboxHarness()
    const other = await freePort()
    const before = hostPorts()
    await using app = await start(walls, {
      dir: bench.folder('app'),
      script: `exec bun -e 'for (const port of [8080, 8081, ${other}]) Bun.serve({ port, hostname: "0.0.0.0", fetch: () => new Response("hello") })'`,
    })
    await until('the app listens', async () => (await app.listeners()).elsewhere.includes(String(other)))
    expect(await (await fetchAt(app.address!)).text()).toBe('hello')
    // Other programs of this machine come and go.
    const opened = hostPorts().filter((port) => !before.includes(port))
    expect(opened.filter((port) => [8080, 8081, other].includes(port))).toEqual([])
  })

  test('the way in is open to the host user of the micro and to root, and to no other', async () => {
    using bench = openSandboxHarness()
    await using app = await start(walls, { dir: bench.folder('app'), script: SERVE('hello') })
    const { socket } = app.address as { socket: string }
    expect(statSync(socket).mode & 0o077).toBe(0)
    expect(statSync(dirname(socket)).mode & 0o077).toBe(0)
  })

  test('large bodies reach a slow reader whole, in both directions', async () => {
    using bench = openSandboxHarness()
    await using app = await start(walls, {
      dir: bench.folder('app', { 'slow.js': SLOW }),
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

  test('large bodies reach the host whole, and the app, also when either reads slowly', async () => {
    using bench = openSandboxHarness()
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
    const { stdout } = await inside(walls, {
      dir: bench.folder('app', { 'call.js': CALL_HOST }),
      ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: host.port! },
      script: 'bun call.js',
    })
    expect(stdout).toBe('WHOLE')
    expect(received).toEqual([bytes, bytes, bytes])
  })

  test('a call that the host never reads ends with the app', async () => {
    using bench = openSandboxHarness()
    const called = Promise.withResolvers<void>()
    const host = createServer({ pauseOnConnect: true }, () => called.resolve())
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    const { port } = host.address() as { port: number }
    const relays = () => readdirSync('/proc').filter((pid) => isRelayTo(pid, `TCP4:127.0.0.1:${port},`))
    {
      await using _app = await start(walls, {
        dir: bench.folder('app'),
        ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: port },
        script: 'exec cat /dev/zero > /dev/tcp/127.0.0.1/7070',
      })
      await called.promise
      expect(relays()).toHaveLength(2)
    }
    await until('the relays end', () => relays().length === 0)
    host.close()
  })

  test('programs of ours in the network of a micro keep no right over it but to bind a port', async () => {
    using bench = openSandboxHarness()
    const port = await freePort()
    const isRelay = (pid: string) => isRelayTo(pid, `TCP4-LISTEN:${port},`)
    await using _app = await start(walls, {
      dir: bench.folder('app'),
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

  test('two micros never share a port, though both listen on 8080', async () => {
    using bench = openSandboxHarness()
    await using one = await start(walls, { dir: bench.folder('one'), script: SERVE('one') })
    await using two = await start(walls, { dir: bench.folder('two'), script: SERVE('two') })
    for (const app of [one, two]) await until('the app listens', async () => (await app.listeners()).ready)
    const answers = await Promise.all([one, two].map(async ({ address }) => (await fetchAt(address!)).text()))
    expect(answers).toEqual(['one', 'two'])
  })
})

describe.skipIf(!walls?.host.nft)('the network around this machine', () => {
  const METADATA = ['169.254.169.254', '100.100.100.200', 'fd00:ec2::254']
  const NEIGHBOURS = ['10.255.255.53', '192.168.1.1', '172.17.0.1', 'fd00::1']

  async function outcomes(addresses: readonly string[], reach: 'public' | 'lan', door: number) {
    using bench = openSandboxHarness()
    const tries = addresses.flatMap((address) => [`${address} 80`, `${address} 80 bound`])
    const { stdout } = await inside(walls, {
      dir: bench.folder('app', { 'connect.pl': CONNECT }),
      reach,
      ownHost: { name: 'notes-ab12.cloud.test', port: door, hostPort: door },
      script: `${[...tries, `127.0.0.1 ${door}`].map((args) => `perl connect.pl ${args} &`).join('\n')}\nwait`,
    })
    return stdout.split('\n').filter((line) => line !== 'silence')
  }

  test('is closed to a micro, also around its routes', async () => {
    using door = await listen({ port: 0, host: '127.0.0.1' })
    const found = await outcomes([...METADATA, ...NEIGHBOURS], 'public', door.port)
    // The last is the same program where nothing is closed.
    expect(found.filter((line) => line !== 'No route to host' && line !== 'Permission denied')).toEqual([
      'REACHED 127.0.0.1',
    ])
  })

  test('may be opened, but never what a cloud tells the machine', async () => {
    using door = await listen({ port: 0, host: '127.0.0.1' })
    const found = await outcomes(METADATA, 'lan', door.port)
    expect(found.filter((line) => line !== 'No route to host' && line !== 'Permission denied')).toEqual([
      'REACHED 127.0.0.1',
    ])
  })

  test('leaves name lookups as they are', async () => {
    using bench = openSandboxHarness()
    const ask = `use Socket; socket(S, AF_INET, SOCK_DGRAM, 0);
      my $to = pack_sockaddr_in(53, inet_aton("169.254.1.1"));
      print send(S, pack("n6", 1, 256, 1, 0, 0, 0) . "\\0" . pack("n2", 2, 1), 0, $to) ? "SENT" : $!`
    const { stdout } = await inside(walls, {
      dir: bench.folder('app', { 'ask.pl': ask }),
      script: 'perl ask.pl',
    })
    expect(stdout).toBe('SENT')
  })

  test.skipIf(!reachable(METADATA[0]!))('is what keeps metadata out here, and nothing else', async () => {
    using bench = openSandboxHarness()
    const open = { ...walls, host: { ...walls.host, nft: null } }
    const { stdout } = await inside(open, {
      dir: bench.folder('app', { 'connect.pl': CONNECT }),
      script: `perl connect.pl ${METADATA[0]} 80; perl connect.pl ${METADATA[0]} 80 bound`,
    })
    expect(stdout).toBe(`REACHED ${METADATA[0]}\nREACHED ${METADATA[0]}`)
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

/** Whether this machine itself reaches it. */
function reachable(address: string): boolean {
  const script = `exec 3<>/dev/tcp/${address}/80`
  return Bun.spawnSync(['timeout', '1', 'bash', '-c', script], { stderr: 'ignore' }).exitCode === 0
}
