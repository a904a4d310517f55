/**
 * Files of a static micro, ours compared with nginx on the same files in the same run: CPU of the server per request,
 * requests per second, latency. One worker each, 32 connections. Ours also checks a session cookie; nginx checks nothing.
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
import { median } from './support/median.ts'
import { freePort, type Measured, startListening, startPrintingPort } from './support/process.ts'
import { type Outcome, wrk } from './support/wrk.ts'

const SECONDS = Number(process.argv[2] ?? 2)
const ROUNDS = 5
const SIZES = (process.argv[3] ?? '1,16,64,300,1000').split(',').map((kB) => Number(kB) * 1000)

interface Server extends Measured {
  readonly name: string
  readonly port: number
}

interface Sample extends Outcome {
  readonly cpuMicros: number
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
  const headers = [`Host: ${HOST}`, `Cookie: space_session=${SESSION}`]
  const outcome = await wrk(url, { seconds, headers })
  return { ...outcome, cpuMicros: (cpuMicros(server.pid) - before) / outcome.requests }
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

async function startOurs(root: string): Promise<Server> {
  const script = join(import.meta.dir, 'support/static-gateway.ts')
  return { name: 'ours', ...(await startPrintingPort([process.execPath, script, root])) }
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
  return { name, port, ...(await startListening(['nginx', '-c', config], port)) }
}
