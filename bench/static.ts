/**
 * Files of a static micro, ours beside nginx on the same files in the same run: CPU of the server per request, and
 * requests a second, one worker each, 32 connections. Ours also checks a session cookie; nginx checks nothing.
 *
 *     bun bench/static.ts [seconds per measurement, 2]
 *
 * Needs `nginx` and `wrk` (Debian). Runs are interleaved and medians shown: look at the ratios, not at the figures.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOST, SESSION } from '../src/gateway/testing/test-gateway.ts'
import { cpuMicros } from './support/cpu-time.ts'

const SECONDS = Number(process.argv[2] ?? 2)
const ROUNDS = 5
const SIZES = { '1 kB': 1_000, '16 kB': 16_000, '64 kB': 64_000, '1 MB': 1_000_000 }

interface Server extends Disposable {
  readonly name: 'ours' | 'nginx'
  readonly port: number
  readonly pid: number
}

interface Sample {
  readonly microsPerRequest: number
  readonly requestsPerSecond: number
}

const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-'))
try {
  for (const size of Object.values(SIZES)) writeFileSync(join(folder, `${size}.css`), '/'.repeat(size))
  using ours = await startOurs(folder)
  using nginx = await startNginx(folder)
  for (const [label, size] of Object.entries(SIZES)) {
    const samples = { ours: [] as Sample[], nginx: [] as Sample[] }
    for (const server of [ours, nginx]) await measure(server, size, 1)
    for (let round = 0; round < ROUNDS; round++)
      for (const server of [ours, nginx]) samples[server.name].push(await measure(server, size, SECONDS))
    print(label, samples.ours, samples.nginx)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(server: Server, size: number, seconds: number): Promise<Sample> {
  const before = cpuMicros(server.pid)
  const wrk = Bun.spawn(
    [
      'wrk',
      '-t1',
      '-c32',
      `-d${seconds}s`,
      `-HHost: ${HOST}`,
      `-HCookie: space_session=${SESSION}`,
      `http://127.0.0.1:${server.port}/${size}.css`,
    ],
    { stdout: 'pipe', stderr: 'inherit' },
  )
  const report = await new Response(wrk.stdout).text()
  const requests = Number(/(\d+) requests in/.exec(report)?.[1])
  if (!requests || report.includes('Non-2xx')) throw new Error(`${server.name} failed:\n${report}`)
  return {
    microsPerRequest: (cpuMicros(server.pid) - before) / requests,
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1]),
  }
}

function print(label: string, ours: readonly Sample[], nginx: readonly Sample[]): void {
  const micros = [ours, nginx].map((samples) => median(samples.map((sample) => sample.microsPerRequest)))
  const rates = [ours, nginx].map((samples) => median(samples.map((sample) => sample.requestsPerSecond)))
  const ratio = micros[0]! / micros[1]!
  console.log(
    `${label.padEnd(6)} ours ${micros[0]!.toFixed(1)} µs, nginx ${micros[1]!.toFixed(1)} µs, ratio ${ratio.toFixed(2)}` +
      `   (${Math.round(rates[0]!)} and ${Math.round(rates[1]!)} requests/s)`,
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

async function startOurs(root: string): Promise<Server> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'support/static-gateway.ts'), root], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const port = Number(await firstLine(child.stdout))
  return { name: 'ours', port, pid: child.pid, [Symbol.dispose]: () => child.kill() }
}

/** The defaults that Debian ships, one worker in one process, no log. */
async function startNginx(root: string): Promise<Server> {
  const port = freePort()
  const config = join(root, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${root}/nginx.pid; error_log /dev/null;
     events { worker_connections 1024; }
     http {
       access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
       types { text/css css; }
       server { listen 127.0.0.1:${port}; root ${root}; }
     }`,
  )
  const child = Bun.spawn(['nginx', '-c', config], { stderr: 'inherit' })
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error('nginx did not start')
  return { name: 'nginx', port, pid: child.pid, [Symbol.dispose]: () => child.kill() }
}

function freePort(): number {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const { value } = await stream.getReader().read()
  return new TextDecoder().decode(value).trim()
}
