/**
 * What one app notices of another one that writes without a pause: the latency of its pages through the gateway, and of its own
 * items. Rounds with and without the writer alternate; its process is stopped in between.
 *
 *     bun bench/fairness.ts [--seconds=2] [--rounds=7]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DirectoryPublisher } from '../src/directory/index.ts'
import { digestOf } from '../src/kernel/ids.ts'
import { viaDoor } from './support/data-door.ts'
import { median } from './support/median.ts'
import { startPrintingPort } from './support/process.ts'
import { startOurs } from './support/proxies.ts'
import { headersFor, pathFor } from './support/requests.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, rounds: { type: 'string', default: '7' } },
})
/** Of the quiet app; each waits between its requests, as a server with few visitors has it. */
const CLIENTS = 4
const PAUSE_MS = 5
const KEYS = { quiet: 'quiet_secret', noisy: 'noisy_secret' }

const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-'))
const support = (file: string) => [process.execPath, join(import.meta.dir, 'support', file)]
using origin = await startPrintingPort(support('origin.ts'))
const [gateway] = await startOurs({ folder, originPort: origin.port, certificate: null }, false)
const publisher = new DirectoryPublisher({ data: 1 })
await publisher.publish(Object.values(KEYS).map(keyEntry))
const channel = join(folder, 'data-control.sock')
await publisher.listen(channel)
using _data = await startPrintingPort([...support('bench-data.ts'), channel, folder])
const socket = join(folder, 'data.sock')
using writer = await startPrintingPort([...support('data-writer.ts'), socket, KEYS.noisy])

const pageHeaders = headersFor(gateway!).map((line) => line.split(/: (.*)/s, 2) as [string, string])
const door = { socket, key: KEYS.quiet }
/** Each resolves when its answer is complete. */
const loads: Record<string, () => Promise<unknown>> = {
  'a page': () =>
    ask(`http://127.0.0.1:${gateway!.port}${pathFor(gateway!, '/100')}`, { headers: pageHeaders }),
  'an item': () => ask('http://data/', viaDoor(door, '/items/k')),
}

try {
  await ask('http://data/', {
    ...viaDoor(door, '/items'),
    method: 'PUT',
    body: '{"items":[{"key":"k","n":1}]}',
  })
  for (const [name, load] of Object.entries(loads)) await compare(name, load)
} finally {
  process.kill(writer.pid, 'SIGCONT')
  gateway![Symbol.dispose]()
  await publisher.close()
  rmSync(folder, { recursive: true, force: true })
}

async function compare(name: string, load: () => Promise<unknown>): Promise<void> {
  const rounds: { readonly alone: Latency; readonly beside: Latency }[] = []
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    process.kill(writer.pid, 'SIGSTOP')
    const alone = await measure(load)
    process.kill(writer.pid, 'SIGCONT')
    const beside = await measure(load)
    // The first round warms up.
    if (round > 0) rounds.push({ alone, beside })
  }
  for (const key of ['p50Ms', 'p99Ms'] as const) {
    const [alone, beside] = (['alone', 'beside'] as const).map((when) =>
      median(rounds.map((round) => round[when][key])).toFixed(2),
    )
    const ratio = median(rounds.map((round) => round.beside[key] / round.alone[key])).toFixed(2)
    console.log(`${name}, ${key}: ${alone} alone, ${beside} beside the writer, ${ratio} ×`)
  }
}

interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

async function measure(load: () => Promise<unknown>): Promise<Latency> {
  const took: number[] = []
  const until = performance.now() + Number(values.seconds) * 1_000
  const client = async () => {
    while (performance.now() < until) {
      const startedAt = performance.now()
      await load()
      took.push(performance.now() - startedAt)
      await Bun.sleep(PAUSE_MS)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  took.sort((a, b) => a - b)
  return { p50Ms: took[took.length >> 1]!, p99Ms: took[Math.floor(took.length * 0.99)]! }
}

async function ask(url: string, init: object): Promise<void> {
  const response = await fetch(url, init)
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
}

function keyEntry(value: string) {
  const [collectionId = ''] = value.split('_', 1)
  const all = { mayWrite: true, bases: null, drives: null, expiresAtMs: null }
  const key = { id: collectionId, digest: digestOf(value), collectionId, ...all }
  return { op: 'dataKey.put', key } as const
}
