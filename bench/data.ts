/**
 * Base over HTTP, beside a bare `Bun.serve` handler on bun:sqlite and, where `POCKETBASE` names its program (built by
 * `go install github.com/pocketbase/pocketbase/examples/base@v0.36.8`), beside PocketBase. Needs wrk.
 *
 *   bun bench/data.ts [documents] [seconds of a run] [rounds]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataServer } from './support/data-server.ts'
import { startBase, startPocketBase } from './support/data-servers.ts'
import { type DataLoad, type LoadResult, runLoad } from './support/data-loads.ts'
import { median } from './support/median.ts'

const [documents = 100_000, seconds = 1, rounds = 5] = process.argv.slice(2).map(Number)
const CONNECTIONS = [16, 64]
const LOADS: readonly DataLoad[] = ['put', 'get', 'list']

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-'))
  const servers: DataServer[] = []
  try {
    for (const [name, kind, durable] of [
      ['ours', 'ours', 'durable'],
      ['bare', 'bare', 'durable'],
      ['bare, not durable', 'bare', 'no'],
    ] as const) {
      const own = join(folder, name.replaceAll(/\W+/g, '-'))
      mkdirSync(own)
      servers.push(await startBase(name, { kind, folder: own, durable, documents }))
    }
    const program = process.env.POCKETBASE
    if (program) servers.push(await startPocketBase(program, join(folder, 'pocketbase'), documents))
    await firstQueries(servers[0]!, 'm')
    // The load `list` asks by this one: it is measured once it has its index, as those of the others have.
    await firstQueries(servers[0]!, 'n')
    console.log(`${documents} documents of 1 kB\n`)
    console.log(
      'load  connections  server              req/s    CPU µs/req   req/s of ours ÷ its   CPU of ours ÷ its',
    )
    for (const connections of CONNECTIONS) for (const load of LOADS) await row(servers, load, connections)
  } finally {
    for (const server of servers) await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Servers take turns in each round, so that what else happens on the machine meets all of them. The first round warms up. */
async function row(servers: readonly DataServer[], load: DataLoad, connections: number): Promise<void> {
  const runs: LoadResult[][] = servers.map(() => [])
  for (let round = 0; round <= rounds; round += 1)
    for (const [at, server] of servers.entries()) {
      const result = await runLoad(server, { load, connections, seconds, documents })
      if (round > 0) runs[at]!.push(result)
    }
  const ours = runs[0]!
  for (const [at, its] of runs.entries()) {
    const ratio = (key: keyof LoadResult) => median(its.map((run, round) => ours[round]![key] / run[key]))
    const cells = [
      load.padEnd(6),
      String(connections).padEnd(13),
      servers[at]!.name.padEnd(18),
      median(its.map(({ perSecond }) => perSecond))
        .toFixed(0)
        .padStart(7),
      median(its.map(({ cpuMicros }) => cpuMicros))
        .toFixed(1)
        .padStart(14),
      ratio('perSecond').toFixed(2).padStart(22),
      ratio('cpuMicros').toFixed(2).padStart(20),
    ]
    console.log(cells.join(''))
  }
}

/** By an attribute that was never asked for, and again once it has its index. */
async function firstQueries({ url }: DataServer, attribute: 'm' | 'n'): Promise<void> {
  const ask = async (value: number) => {
    const start = performance.now()
    const body = JSON.stringify({ query: [{ [attribute]: value }], limit: 25 })
    const response = await fetch(`${url}/query`, { method: 'POST', body })
    const { paging } = (await response.json()) as { paging: { size: number } }
    return `${(performance.now() - start).toFixed(1)} ms (${paging.size} found)`
  }
  console.log(`first query by ${attribute}: ${await ask(7)}`)
  for (const at of [2, 3, 4, 5, 6]) {
    await Bun.sleep(500)
    console.log(`query ${at}: ${await ask(7)}`)
  }
}

await compare()
