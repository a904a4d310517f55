/** The power fails right after answers of Base: what they confirmed is on the disk. And a disk that is full loses nothing. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestBase, openTestBase } from '../src/base/testing/test-base.ts'
import { openLoopDisk } from './support/loop-disk.ts'

setDefaultTimeout(120_000)

const disk = await openLoopDisk()
const isThere = 'folder' in disk
if (!isThere)
  console.warn(`SKIPPED: power cuts are not tested here, as no file system can be mounted (${disk.missing})`)
afterAll(async () => isThere && (await disk[Symbol.asyncDispose]()))

const put = (base: TestBase, key: string, collection: string) =>
  base.call('PUT', '/items', { items: [{ key, text: 'x'.repeat(1_000) }] }, { collection })
const get = async (base: TestBase, key: string, collection: string) =>
  (await base.call('GET', `/items/${key}`, undefined, { collection })).status

test.skipIf(!isThere)('a new collection, later writes, and a file that was opened again', async () => {
  if (!('folder' in disk)) return
  mkdirSync(join(disk.folder, 'collections'))
  await using base = await openTestBase({ folder: join(disk.folder, 'collections'), logBytes: 100_000 })
  const answered: [string, string][] = []
  for (const round of [1, 2, 3]) {
    for (const collection of ['c0', `c${round}`]) {
      const keys = Array.from({ length: 40 }, (_, at) => `k${round}-${at}`)
      const answers = await Promise.all(keys.map((key) => put(base, key, collection)))
      expect(answers.every(({ status }) => status === 207)).toBe(true)
      answered.push(...keys.map((key): [string, string] => [key, collection]))
    }
    await using cut = await disk.cutPower()
    await using after = await openTestBase({ folder: join(cut.folder, 'collections') })
    for (const [key, collection] of answered)
      expect(await get(after, key, collection), `${collection} ${key}`).toBe(200)
    if (round === 2) await base.service.close('c0')
  }
})

test.skipIf(!isThere)(
  'on a full disk writes are refused with 507, reads are answered, and room lets writes succeed again',
  async () => {
    if (!('folder' in disk)) return
    mkdirSync(join(disk.folder, 'full'))
    await using base = await openTestBase({ folder: join(disk.folder, 'full') })
    expect((await put(base, 'first', 'c0')).status).toBe(207)
    await fill(join(disk.folder, 'ballast'))
    const answered: string[] = []
    let status = 207
    for (let at = 0; status === 207 && at < 10_000; at += 1) {
      ;({ status } = await put(base, `k${at}`, 'c0'))
      if (status === 207) answered.push(`k${at}`)
    }
    expect(status).toBe(507)
    expect((await put(base, 'more', 'other')).status).toBe(507)
    for (const key of ['first', ...answered]) expect(await get(base, key, 'c0')).toBe(200)
    rmSync(join(disk.folder, 'ballast'))
    expect((await put(base, 'again', 'c0')).status).toBe(207)
    expect((await put(base, 'again', 'other')).status).toBe(207)
    for (const key of ['first', 'again', ...answered]) expect(await get(base, key, 'c0')).toBe(200)
  },
)

/** Writes until nothing fits any more. */
async function fill(path: string): Promise<void> {
  for (const size of [1_000_000, 10_000, 1_000])
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size, 'x'), { flag: 'a', flush: true })
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error
    }
}
