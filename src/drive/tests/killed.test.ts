/**
 * `kill -9` at any moment of many calls at once: what was acknowledged is there, what was not is there whole or not at
 * all, and after a sweep no blob is left that nothing names. `OWNSPACE_KILL_ROUNDS=1000` for a long run.
 */
import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blobsInIndex } from '../files/copy-index.ts'
import { blobFiles, folderOf } from '../testing/blob-files.ts'
import { type Random, seededRandom } from '../../wire/testing/random.ts'
import { type TestDrive, enc, startTestDrive } from '../testing/test-drive.ts'

const ROUNDS = Number(process.env.OWNSPACE_KILL_ROUNDS ?? 12)
const SEED = Number(process.env.OWNSPACE_SEED ?? Date.now() % 1_000_000)
const CLIENTS = 6
const NAMES_EACH = 3

/** What one name may hold: its last acknowledged content, and that of a call that was not answered. Null: no file. */
interface Expected {
  sure: string | null
  pending: string | null | undefined
}

test(
  `nothing acknowledged is lost, nothing else appears half, no orphan stays (${ROUNDS} rounds, seed ${SEED})`,
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ownspace-killed-'))
    const random = seededRandom(SEED)
    const expected = new Map<string, Expected>()
    const count = { acknowledged: 0 }
    for (let round = 0; round < ROUNDS; round += 1) {
      await writeUntilKilled(dir, random, round, expected, count)
      await check(dir, expected)
    }
    expect(count.acknowledged).toBeGreaterThan(ROUNDS)
    rmSync(dir, { recursive: true })
  },
  60_000 + ROUNDS * 5_000,
)

async function writeUntilKilled(
  dir: string,
  random: Random,
  round: number,
  expected: Map<string, Expected>,
  count: { acknowledged: number },
): Promise<void> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../testing/drive-process.ts'), dir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { value } = await child.stdout.getReader().read()
  const root = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}/v1/killed/files`
  const killAfter = 3 + random.int(60)
  const life = { calls: 0, isOver: false }
  const onCall = () => {
    life.calls += 1
    if (life.calls !== killAfter) return
    // In the middle of what the calls do, and not before they are sent.
    setTimeout(() => child.kill('SIGKILL'), random.int(8))
  }
  const clients = Array.from({ length: CLIENTS }, (_, client) =>
    writeOn({ root, client, round, random, expected, count, onCall }),
  )
  await Promise.all(clients)
  await child.exited
}

interface Client {
  readonly root: string
  readonly client: number
  readonly round: number
  readonly random: Random
  readonly expected: Map<string, Expected>
  readonly count: { acknowledged: number }
  readonly onCall: () => void
}

/** One call after the other on names of its own, until the server is gone. */
async function writeOn({ root, client, round, random, expected, count, onCall }: Client): Promise<void> {
  for (let call = 0; ; call += 1) {
    const name = `c${client}/n${random.int(NAMES_EACH)}`
    const entry = expected.get(name) ?? { sure: null, pending: undefined }
    expected.set(name, entry)
    const isDeletion = random.int(5) === 0
    const content = isDeletion ? null : `${round}.${client}.${call}|`.repeat(1 + random.int(40_000))
    entry.pending = content
    onCall()
    const isDone = await send(root, name, content, random.int(2) === 0).catch(() => false)
    if (!isDone) return
    count.acknowledged += 1
    entry.sure = content
    entry.pending = undefined
  }
}

async function send(root: string, name: string, content: string | null, inParts: boolean): Promise<boolean> {
  if (content === null) return await isOk(root, 'files', 'DELETE', JSON.stringify({ names: [name] }))
  if (!inParts) return await isOk(root, `files?name=${enc(name)}`, 'POST', content)
  const begun = await fetch(`${root}/uploads?name=${enc(name)}`, { method: 'POST' })
  const { upload_id: id } = (await begun.json()) as { upload_id: string }
  const middle = content.length >> 1
  const part = (number: number, body: string) =>
    isOk(root, `uploads/${id}/parts?name=${enc(name)}&part=${number}`, 'POST', body)
  const areSent = await Promise.all([part(2, content.slice(middle)), part(1, content.slice(0, middle))])
  return areSent.every(Boolean) && (await isOk(root, `uploads/${id}?name=${enc(name)}`, 'PATCH', undefined))
}

async function isOk(root: string, path: string, method: string, body: string | undefined): Promise<boolean> {
  const answer = await fetch(`${root}/${path}`, { method, ...(body === undefined ? {} : { body }) })
  await answer.arrayBuffer()
  return answer.ok
}

/** Opens what the dead process left, as the next one would. What is found becomes sure. */
async function check(dir: string, expected: Map<string, Expected>): Promise<void> {
  await using at = startTestDrive({
    collectionsDir: dir,
    collection: 'killed',
    limits: { orphanAgeMs: -60_000, uploadExpiryMs: -60_000 },
  })
  for (const [name, entry] of expected) {
    const got = await at.get(name)
    const content = got.status === 404 ? null : await got.text()
    const mayBe = entry.pending === undefined ? [entry.sure] : [entry.sure, entry.pending]
    if (!mayBe.includes(content)) throw new Error(`${name}: ${describe(content)}, not ${mayBe.map(describe)}`)
    Object.assign(entry, { sure: content, pending: undefined })
  }
  await expectNoOrphan(at)
}

async function expectNoOrphan(at: TestDrive): Promise<void> {
  await at.drive.sweep('killed')
  const named: string[] = []
  for await (const page of blobsInIndex(join(folderOf(at), 'files.db'))) named.push(...page)
  expect(
    blobFiles(at)
      .map((path) => path.split('/').at(-1)!)
      .sort(),
  ).toEqual(named.sort())
}

const describe = (content: string | null): string =>
  content === null ? 'no file' : `${content.length} bytes of ${content.slice(0, 20)}`
