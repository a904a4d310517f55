/**
 * Many collections opened in turn by one process: its memory and open files. And what it costs that writes are answered
 * once they are on the disk: the same writes in a folder in memory, where a sync costs nothing.
 *
 *     bun bench/collections.ts [collections] [writes]
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseService, DEFAULT_BASE_LIMITS, SqliteStore } from '../src/base/index.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { median } from './support/median.ts'

const [collections = 1_000, writes = 8_000] = process.argv.slice(2).map(Number)
const WRITERS = 32
const ROUNDS = 5

function openBase(folder: string) {
  const store = new SqliteStore({ folder, log: silentLogger })
  const service = new BaseService({ store, limits: DEFAULT_BASE_LIMITS, log: silentLogger })
  const call = (method: string, collectionId: string, path: string, body?: string) =>
    service.handle({
      request: new Request('http://data/', { method, body }),
      collectionId,
      name: 'items',
      path,
      query: '',
      mayWrite: true,
    })
  return { service, call }
}

async function openInTurn(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-'))
  const { service, call } = openBase(folder)
  try {
    for (const round of ['made', 'opened again'])
      for (let at = 0; at < collections; at += 1) {
        const items = Array.from({ length: 25 }, (_, key) => ({ key: `k${key}`, text: 'x'.repeat(1_000) }))
        if (round === 'made') await call('PUT', `c${at}`, '/items', JSON.stringify({ items }))
        else await (await call('POST', `c${at}`, '/query', '{}')).text()
        if ((at + 1) % (collections / 4) !== 0) continue
        Bun.gc(true)
        const rssMb = process.memoryUsage().rss / 1_048_576
        const handles = readdirSync('/proc/self/fd').length
        console.log(`${at + 1} collections ${round}: ${rssMb.toFixed(0)} MB, ${handles} open files`)
      }
  } finally {
    await service[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
}

async function writesPerSecond(parent: string): Promise<number> {
  const folder = mkdtempSync(join(parent, 'ownspace-bench-'))
  const { service, call } = openBase(folder)
  let next = 0
  const write = async () => {
    while (next < writes) {
      const item = { key: `k${next++}`, at: Math.random(), text: 'x'.repeat(900) }
      await call('PUT', 'c0', '/items', JSON.stringify({ items: [item] }))
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: WRITERS }, write))
  const seconds = (performance.now() - startedAt) / 1_000
  await service[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
  return writes / seconds
}

async function compareDurable(): Promise<void> {
  const rounds: { readonly durable: number; readonly inMemory: number }[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const durable = await writesPerSecond(tmpdir())
    const inMemory = await writesPerSecond('/dev/shm')
    // The first round warms up.
    if (round > 0) rounds.push({ durable, inMemory })
  }
  const [durable, inMemory] = (['durable', 'inMemory'] as const).map((key) =>
    median(rounds.map((round) => round[key])),
  )
  const ratio = median(rounds.map((round) => round.durable / round.inMemory))
  console.log(
    `${WRITERS} writers: ${durable!.toFixed(0)} writes/s on the disk, ${inMemory!.toFixed(0)} in memory`,
  )
  console.log(`ratio ${ratio.toFixed(2)}`)
}

await openInTurn()
await compareDurable()
