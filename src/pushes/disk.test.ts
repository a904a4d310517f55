/** What pushes and deletions leave on the disk, and what they do on a full one. */
import { describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../kernel/testing/until.ts'
import { createBuild, listBuilds } from '../projects/index.ts'
import { listInstances } from '../instances/index.ts'
import { openDiskGuard } from '../disk/index.ts'
import { canMount, openSmallDisk } from '../disk/testing/small-disk.ts'
import { createLogger, silentLogger } from '../kernel/log.ts'
import { createDiskLook } from './disk-watch.ts'
import { LogStore } from './log-store.ts'
import { SPACEFILE, type TestSpace, openTestSpace } from './testing/test-services.ts'

const MB = 1_000_000

const pushAndWait = async (space: TestSpace, tag: string) => {
  const build = await space.push(tag)
  return { pushed: build, ...(await space.outcome(build)) }
}
const cacheOf = (space: TestSpace, app: string) => join(space.folders.uploads, '../cache/apps', app)

describe('what a push leaves', () => {
  test('the archive goes once it is built; Spacefile and icon stay', async () => {
    await using space = await openTestSpace()
    const { pushed, serving } = await pushAndWait(space, 'one')
    expect(serving).toBe('one')
    expect(readdirSync(space.folders.upload(pushed.id)).toSorted()).toEqual(['Spacefile', 'spacefile.json'])
  })

  test('the archive of a build that failed or broke goes as well', async () => {
    await using space = await openTestSpace()
    space.build = async () => ({ kind: 'failed', fault: 'user', message: 'no' })
    const { pushed: failed } = await pushAndWait(space, 'failed')
    space.build = () => Promise.reject(new Error('broken'))
    const { pushed: broken } = await pushAndWait(space, 'broken')
    expect([failed, broken].map(({ id }) => existsSync(space.folders.archive(id)))).toEqual([false, false])
  })

  test('archives that an earlier version kept go at the next start', async () => {
    await using space = await openTestSpace()
    const { pushed } = await pushAndWait(space, 'one')
    writeFileSync(space.folders.archive(pushed.id), 'zip')
    await space.crash()
    expect(readdirSync(space.folders.upload(pushed.id)).toSorted()).toEqual(['Spacefile', 'spacefile.json'])
  })

  test('as many old revisions stay as the server is set to keep', async () => {
    await using space = await openTestSpace({ keptRevisions: 2 })
    const ids: string[] = []
    for (const tag of ['1', '2', '3', '4', '5']) ids.push((await pushAndWait(space, tag)).pushed.id)
    const revisions = () => readdirSync(space.folders.revisions).toSorted()
    // They are removed after the push was answered.
    await until('only three are left', () => revisions().length === 3)
    expect(revisions()).toEqual(ids.slice(-3).toSorted())
  })
})

test('pushes that were begun and never sent do not pile up', async () => {
  await using space = await openTestSpace({ keptRevisions: 2 })
  const begin = async (nowMs: number) => {
    const build = await createBuild(space.db, { appId: space.app.id, tag: '', autoPwa: false, nowMs })
    await space.pushes.putManifest(build, new TextEncoder().encode(SPACEFILE))
    return build.id
  }
  const ids = [await begin(1), await begin(2), await begin(3), await begin(4)]
  await space.pushes.prune(space.app.id)
  expect(readdirSync(space.folders.uploads).toSorted()).toEqual(ids.slice(-2).toSorted())
})

describe("an app's build cache", () => {
  test('goes when the app is deleted', async () => {
    await using space = await openTestSpace()
    const cache = cacheOf(space, space.app.id)
    mkdirSync(cache)
    await space.pushes.removeApp(space.app, { keepsData: false })
    expect(existsSync(cache)).toBe(false)
  })

  test('goes at the next start when the app was deleted before; that of an app stays', async () => {
    await using space = await openTestSpace()
    const [mine, orphan] = [cacheOf(space, space.app.id), cacheOf(space, 'app_gone')]
    for (const cache of [mine, orphan]) mkdirSync(cache)
    await space.crash()
    expect([mine, orphan].map((cache) => existsSync(cache))).toEqual([true, false])
  })
})

describe.skipIf(!canMount())('on a full disk', () => {
  test('a push is refused with what to do, and what serves stays', async () => {
    using disk = openSmallDisk(16)!
    await using space = await openTestSpace({ folder: disk.dir, minFreeBytes: 2 * MB })
    await pushAndWait(space, 'one')
    disk.fill()
    await expect(space.pushes.assertCapacity()).rejects.toMatchObject({
      status: 507,
      message: expect.stringContaining('0 bytes left, and pushes need 2 MB. Delete an app'),
    })
    disk.clear()
    expect((await pushAndWait(space, 'two')).serving).toBe('two')
  })

  test('a build for which room was lacking says so in its row and its log', async () => {
    using disk = openSmallDisk(16)!
    await using space = await openTestSpace({ folder: disk.dir, reserveBytes: 2 * MB })
    space.build = async ({ outDir, onLine }) => {
      onLine('before')
      disk.fill()
      for (let count = 0; count < 10_000; count += 1) onLine('lost')
      disk.clear()
      onLine('after')
      disk.fill()
      writeFileSync(`${outDir}.building`, new Uint8Array(MB))
      throw new Error('unreachable')
    }
    const build = await space.push('one')
    const { log } = await space.outcome(build).finally(disk.clear)
    const [row] = await listBuilds(space.db, space.app.id, 1)
    expect(row).toMatchObject({ status: 'internal-error', failure: expect.stringContaining('disk is full') })
    expect(log).toMatch(/before\n(lost\n)*(lo?s?t?)?\n\(lines are missing here: the disk was full\)\nafter\n/)
  })

  test('a log that cannot be stored can be begun, written and read', async () => {
    using disk = openSmallDisk(1)!
    using book = new LogStore(disk.dir, 1_000_000)
    disk.fill()
    const writer = book.begin('log')
    writer.line('lost')
    writer.end()
    expect(await new Response(book.read('log', { follow: true })).text()).toBe('')
  })

  test('apps are deleted, with their files', async () => {
    using disk = openSmallDisk(16)!
    await using space = await openTestSpace({
      folder: disk.dir,
      minFreeBytes: 2 * MB,
      reserveBytes: 2 * MB,
    })
    const { pushed } = await pushAndWait(space, 'one')
    const [instance] = await listInstances(space.db, space.owner)
    disk.fill()
    await space.instances.remove(instance!, { keepsData: false })
    await space.pushes.removeApp(space.app, { keepsData: false })
    expect(existsSync(space.folders.revision(pushed.id))).toBe(false)
  })
})

describe.skipIf(!canMount())('the watch', () => {
  test('warns of a disk that is nearly full once an hour, and makes the reserve again', async () => {
    using disk = openSmallDisk(8)!
    const lines: string[] = []
    const log = createLogger('test', 'warn', (line) => void lines.push(line))
    const guard = openDiskGuard({ dir: disk.dir, reserveBytes: MB, minFreeBytes: MB, log: silentLogger })
    const clock = { nowMs: 0 }
    const caches = { makeRoom: async () => true }
    const look = createDiskLook({
      disk: guard,
      caches,
      tools: { makeRoom: async () => false },
      log,
      now: () => clock.nowMs,
    })
    await look()
    expect([lines, existsSync(join(disk.dir, 'reserve'))]).toEqual([[], true])
    disk.fill()
    for (const minutes of [0, 1, 59, 60, 61]) {
      clock.nowMs = minutes * 60_000
      await look()
    }
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('used="100%" left="0 bytes"')
  })
})
