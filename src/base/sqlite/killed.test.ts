/**
 * A process that is killed under load loses nothing that it acknowledged, and leaves nothing half.
 * `OWNSPACE_BASE_KILL_ROUNDS` makes it longer.
 */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { SqliteStore } from '../index.ts'

setDefaultTimeout(36_000_000)

const ROUNDS = Number(process.env.OWNSPACE_BASE_KILL_ROUNDS ?? 4)
const WRITERS = 12
const PROGRAM = join(import.meta.dir, '../testing/kill-writer.ts')

test(`kill -9, ${ROUNDS} times: 0 lost`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-killed-'))
  const acknowledged = Array.from({ length: WRITERS }, () => 0)
  let total = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    total += await runAndKill(folder, acknowledged)
    await check(folder, acknowledged)
  }
  expect(total).toBeGreaterThan(ROUNDS)
  rmSync(folder, { recursive: true })
})

/** Kills after a random number of answers; adds them to what is known, and gives their number. */
async function runAndKill(folder: string, acknowledged: number[]): Promise<number> {
  const child = Bun.spawn([process.execPath, PROGRAM, folder, String(WRITERS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  })
  const killAfter = 1 + Math.floor(Math.random() ** 2 * 3_000)
  let count = 0
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of child.stdout) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const [writer, n] = line.split(' ').map(Number)
      acknowledged[writer!] = n!
      count += 1
    }
    if (count >= killAfter) child.kill('SIGKILL')
  }
  await child.exited
  return count
}

async function check(folder: string, acknowledged: number[]): Promise<void> {
  await using store = new SqliteStore({ folder, log: silentLogger })
  for (const [writer, n] of acknowledged.entries()) {
    const texts = await Promise.all(
      [0, 1, 2, 3, 4].map((part) =>
        store.read('c0', (documents) => documents?.get('b', `w${writer}-${part}`) ?? null),
      ),
    )
    const found = texts.map((text) => (text === null ? 0 : (JSON.parse(text) as { n: number }).n))
    // One more was under way.
    expect(found[0], `writer ${writer} lost ${n}`).toBeOneOf([n, n + 1])
    expect(new Set(found).size, `writer ${writer} has half of ${found.join()}`).toBe(1)
    // The next process counts on from there.
    acknowledged[writer] = found[0]!
  }
  await store.close('c0')
  using database = new Database(join(folder, 'c0', 'base.db'), { readonly: true })
  expect(database.query('pragma integrity_check').values()).toEqual([['ok']])
}
