/**
 * Files of a static micro, ours beside nginx on the same files in the same run: CPU of the server per request, requests
 * a second, latency. One worker each, 32 connections. Ours also checks a session cookie; nginx checks nothing.
 *
 *     bun bench/static.ts [seconds per measurement, 2] [sizes in kB, 1,16,64,300,1000]
 *
 * Needs `nginx` and `wrk` (Debian). Rounds are interleaved, and ratios are medians of the rounds' own: look at those.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOST, SESSION } from '../src/gateway/testing/test-gateway.ts'
import { cpuMicros } from './support/cpu-time.ts'

const SECONDS = Number(process.argv[2] ?? 2)
const ROUNDS = 5
const SIZES = (process.argv[3] ?? '1,16,64,300,1000').split(',').map((kB) => Number(kB) * 1000)

interface Server extends Disposable {
  readonly name: string
  readonly port: number
  readonly pid: number
}

interface Sample {
  readonly cpuMicros: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-'))
try {
  for (const size of SIZES) writeFileSync(join(folder, `${size}.css`), '/'.repeat(size))
  using nginx = await startNginx(folder, 'nginx', '')
  using cached = await startNginx(folder, 'nginx, open files', 'open_file_cache max=1000;')
  using ours = await startOurs(folder)
  for (const size of SIZES) await compare([nginx, cached, ours], size)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function compare(servers: readonly Server[], size: number): Promise<void> {
  const rounds: Sample[][] = []
  for (const server of servers) await measure(server, size, 1)
  for (let round = 0; round < ROUNDS; round++) {
    const samples: Sample[] = []
    for (const server of servers) samples.push(await measure(server, size, SECONDS))
    rounds.push(samples)
  }
  print(servers, `${size / 1000} kB`, rounds)
}

async function measure(server: Server, size: number, seconds: number): Promise<Sample> {
  const before = cpuMicros(server.pid)
  const url = `http://127.0.0.1:${server.port}/${size}.css`
  const headers = [`-HHost: ${HOST}`, `-HCookie: space_session=${SESSION}`]
  const wrk = Bun.spawn(['wrk', '-t1', '-c32', `-d${seconds}s`, '--latency', ...headers, url], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const report = await new Response(wrk.stdout).text()
  const requests = Number(/(\d+) requests in/.exec(report)?.[1])
  if (!requests || /Non-2xx|Socket errors/.test(report)) throw new Error(`${server.name} failed:\n${report}`)
  return {
    cpuMicros: (cpuMicros(server.pid) - before) / requests,
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1]),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(report)),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(report)),
  }
}

function milliseconds(match: RegExpExecArray | null): number {
  return Number(match?.[1]) * { us: 0.001, ms: 1, s: 1000 }[match?.[2] as 'us' | 'ms' | 's']
}

/** Ratios are to the first server in the same round. */
function print(servers: readonly Server[], label: string, rounds: readonly (readonly Sample[])[]): void {
  console.log(`\n${label.padEnd(20)} CPU µs/req   ratio    req/s   p50 ms   p99 ms   ratio`)
  for (const [index, { name }] of servers.entries()) {
    const of = (key: keyof Sample): number => median(rounds.map((samples) => samples[index]![key]))
    const ratio = (key: keyof Sample): number =>
      median(rounds.map((samples) => samples[index]![key] / samples[0]![key]))
    console.log(
      `  ${name.padEnd(18)}${of('cpuMicros').toFixed(1).padStart(11)}${ratio('cpuMicros').toFixed(2).padStart(8)}` +
        `${of('perSecond').toFixed(0).padStart(9)}${of('p50Ms').toFixed(2).padStart(9)}` +
        `${of('p99Ms').toFixed(2).padStart(9)}${ratio('p99Ms').toFixed(2).padStart(8)}`,
    )
  }
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

/** As Debian ships it (`sendfile`, `tcp_nopush`), one worker in one process, no log, and `more`. */
async function startNginx(root: string, name: string, more: string): Promise<Server> {
  const port = freePort()
  const config = join(root, `nginx-${port}.conf`)
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${root}/nginx-${port}.pid; error_log /dev/null;
     events { worker_connections 1024; }
     http {
       access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; ${more}
       types { text/css css; }
       server { listen 127.0.0.1:${port}; root ${root}; }
     }`,
  )
  const child = Bun.spawn(['nginx', '-c', config], { stderr: 'inherit' })
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error('nginx did not start')
  return { name, port, pid: child.pid, [Symbol.dispose]: () => child.kill() }
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
