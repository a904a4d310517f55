/**
 * The gateway compared with common proxies, in front of the same origin, in one run: CPU of all processes that serve a
 * request except the origin, latency, and memory. README.md explains how to read the table.
 *
 *     bun bench/gateway.ts [--tls] [--seconds=2] [--rounds=5] [--loads='GET small,GET 64 kB'] [--proxies=ours,nginx]
 *
 * Needs `nginx`, `caddy`, `wrk` and `node`; `--tls`, by which all of them end TLS, also `openssl`. Rounds are interleaved and medians shown: look at the ratios.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeCertificate } from '../src/tls/testing/make-certificate.ts'
import { type Load, loads } from './support/loads.ts'
import { median } from './support/median.ts'
import { startPrintingPort, treeCpuMicros, treeRssMb } from './support/process.ts'
import { HOST, type Proxy, type Stage, startCaddy, startNginx, startOurs } from './support/proxies.ts'
import type { Outcome } from './support/wrk.ts'

interface Sample extends Outcome {
  readonly cpuMicros: number
  readonly rssMb: number
}

const { values } = parseArgs({
  options: {
    tls: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    loads: { type: 'string', default: '' },
    proxies: { type: 'string', default: '' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const isWanted = (name: string, list: string): boolean =>
  list === '' || list.split(',').some((part) => name.startsWith(part))

const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-'))
const started: Disposable[] = []
try {
  const origin = await startPrintingPort([process.execPath, join(import.meta.dir, 'support/origin.ts')])
  started.push(origin)
  const certificate = values.tls
    ? makeCertificate({ folder, file: 'bench', names: [HOST, '127.0.0.1'] })
    : null
  const proxies = await startProxies({ folder, originPort: origin.port, certificate })
  for (const load of loads(folder).filter(({ name }) => isWanted(name, values.loads)))
    await compare(load, proxies)
} finally {
  for (const item of started) item[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
}

async function startProxies(stage: Stage): Promise<Proxy[]> {
  const makers: [string, () => Promise<Proxy[]>][] = [
    ['nginx', async () => [await startNginx(stage, false)]],
    ['ours', () => startOurs(stage, false)],
    ['ours', async () => [(await startOurs(stage, true))[0]!]],
    ['nginx + auth_request', async () => [await startNginx(stage, true)]],
    ['Caddy', async () => [await startCaddy(stage, false)]],
    ['Caddy + forward_auth', async () => [await startCaddy(stage, true)]],
  ]
  const proxies: Proxy[] = []
  for (const [name, make] of makers) if (isWanted(name, values.proxies)) proxies.push(...(await make()))
  started.push(...proxies)
  return proxies
}

async function compare(load: Load, proxies: readonly Proxy[]): Promise<void> {
  const samples = new Map<Proxy, Sample[]>(proxies.map((proxy) => [proxy, []]))
  // Warm: compiled code, open connections, grown buffers.
  for (const proxy of proxies) await load.run(proxy, Math.max(1, seconds))
  for (let round = 0; round < rounds; round++)
    for (const proxy of proxies) samples.get(proxy)!.push(await sample(load, proxy))
  print(load, proxies, samples)
}

async function sample(load: Load, proxy: Proxy): Promise<Sample> {
  const before = treeCpuMicros(proxy.pids)
  const outcome = await load.run(proxy, seconds)
  return {
    ...outcome,
    cpuMicros: (treeCpuMicros(proxy.pids) - before) / outcome.requests,
    rssMb: treeRssMb(proxy.pids),
  }
}

function print(load: Load, proxies: readonly Proxy[], samples: ReadonlyMap<Proxy, readonly Sample[]>): void {
  const mark = samples.get(proxies[0]!)!
  console.log(`\n${load.name.padEnd(24)} CPU µs/req   ratio    req/s   p50 ms   p99 ms   ratio   RSS MB`)
  for (const proxy of proxies) {
    const own = samples.get(proxy)!
    const of = (key: keyof Sample): number => median(own.map((sample) => sample[key]))
    // Each round's ratio to the same round of the first proxy: a disturbance affects both.
    const ratio = (key: keyof Sample): number =>
      median(own.map((sample, round) => sample[key] / mark[round]![key]))
    console.log(
      `  ${proxy.name.padEnd(22)}${of('cpuMicros').toFixed(1).padStart(11)}${ratio('cpuMicros').toFixed(2).padStart(8)}` +
        `${of('perSecond').toFixed(0).padStart(9)}${of('p50Ms').toFixed(2).padStart(9)}${of('p99Ms').toFixed(2).padStart(9)}` +
        `${ratio('p99Ms').toFixed(2).padStart(8)}${of('rssMb').toFixed(0).padStart(9)}`,
    )
  }
}
