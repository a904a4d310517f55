import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskSpace } from '../disk/index.ts'
import { canMount, openSmallDisk } from '../disk/testing/small-disk.ts'
import { silentLogger } from '../kernel/log.ts'
import { type BuildCachesOptions, openBuildCaches } from './build-caches.ts'

const MB = 1_000_000

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'ownspace-caches-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (options: Partial<BuildCachesOptions> = {}) =>
  openBuildCaches({
    dir,
    appBytes: MB,
    totalBytes: 10 * MB,
    hasRoom: () => true,
    log: silentLogger,
    ...options,
  })

/** A part of the cache of this size, last used at this time. */
function put(unit: string, bytes: number, usedAtSeconds = 1_000): void {
  mkdirSync(join(dir, unit), { recursive: true })
  writeFileSync(join(dir, unit, 'file'), new Uint8Array(bytes))
  utimesSync(join(dir, unit), usedAtSeconds, usedAtSeconds)
}
const isThere = (...units: string[]) => units.map((unit) => existsSync(join(dir, unit, 'file')))

describe('the cache of an app', () => {
  test('that is too large after a build is emptied, and the log says so', async () => {
    await using caches = open()
    const lines: string[] = []
    put('apps/small', 0.5 * MB)
    put('apps/large', 2 * MB)
    for (const scope of ['small', 'large']) await caches.finishBuild(scope, (line) => void lines.push(line))
    expect(isThere('apps/small', 'apps/large')).toEqual([true, false])
    expect(lines).toEqual(['The build cache of this app was larger than 1 MB and has been emptied.'])
  })

  test('is removed with its app', async () => {
    await using caches = open()
    put('apps/one', 1)
    put('apps/two', 1)
    await caches.remove('one')
    await caches.remove('never-there')
    expect(isThere('apps/one', 'apps/two')).toEqual([false, true])
  })

  test('is removed at the next start if its app has been deleted', async () => {
    await using caches = open()
    put('apps/one', 1)
    put('apps/two', 1)
    await caches.keepOnly(new Set(['two']))
    expect(isThere('apps/one', 'apps/two')).toEqual([false, true])
  })

  test.each(['../shared', '.', '', 'a/b'])('is never another folder: %j', async (scope) => {
    await using caches = open({ appBytes: 1 })
    put('shared', 1)
    expect(() => caches.lease(scope, join(dir, 'x'))).toThrow('not a cache scope')
    await caches.finishBuild(scope, () => {})
    await caches.remove(scope)
    expect(isThere('shared')).toEqual([true])
  })
})

describe('all caches together', () => {
  test('stay within their limit: the least recently used is evicted first', async () => {
    await using caches = open({ totalBytes: 5 * MB })
    put('trees/old', 2 * MB, 1)
    put('apps/older', 2 * MB, 2)
    put('shared', 2 * MB, 3)
    put('apps/newest', 2 * MB, 4)
    await caches.trim()
    expect(isThere('trees/old', 'apps/older', 'shared', 'apps/newest')).toEqual([false, false, true, true])
    expect(caches.use().bytes).toBeLessThan(5 * MB)
    expect([...caches.use().apps.keys()]).toEqual(['newest'])
  })

  test('a build counts as a use, and the time that it set on its folder does not', async () => {
    await using caches = open({ appBytes: 10 * MB, totalBytes: 5 * MB })
    put('apps/future', 2 * MB, 4_000_000_000)
    put('apps/busy', 2 * MB, 1)
    await caches.finishBuild('future', () => {})
    await caches.finishBuild('busy', () => {})
    put('shared', 2 * MB, Date.now() / 1000 + 60)
    await caches.finishBuild(undefined, () => {})
    await caches.trim()
    expect(isThere('apps/future', 'apps/busy')).toEqual([false, true])
  })

  test('a cache that cannot be measured is evicted', async () => {
    await using caches = open()
    put('apps/honest', MB, 1)
    put('apps/hiding', 1, 2)
    const hide = `cd ${join(dir, 'apps/hiding')}; n=$(printf d%.0s $(seq 200)); for i in $(seq 30); do mkdir $n; cd -P ./$n; done`
    Bun.spawnSync(['bash', '-c', hide])
    await caches.trim()
    expect(isThere('apps/honest', 'apps/hiding')).toEqual([true, false])
  })

  test('caches that a running build uses are not evicted', async () => {
    await using caches = open({ totalBytes: 1 })
    put('apps/running', MB, 1)
    put('shared', MB, 2)
    put('apps/other', MB, 3)
    {
      using _ = caches.lease('running', '')
      await caches.trim()
      await caches.remove('running')
      expect(isThere('apps/running', 'shared', 'apps/other')).toEqual([true, true, false])
    }
    await caches.trim()
    expect(isThere('apps/running', 'shared')).toEqual([false, false])
  })

  test('are evicted one by one until the disk has enough space', async () => {
    await using caches = open({ hasRoom: () => !existsSync(join(dir, 'apps/second')) })
    put('apps/first', 1, 1)
    put('apps/second', 1, 2)
    put('apps/third', 1, 3)
    expect(await caches.makeRoom()).toBe(true)
    expect(isThere('apps/first', 'apps/second', 'apps/third')).toEqual([false, false, true])
  })

  test.skipIf(!canMount())('are evicted on a disk without a byte left', async () => {
    using disk = openSmallDisk(8)!
    const hasRoom = () => diskSpace(disk.dir).availableBytes >= MB
    await using caches = open({ dir: join(disk.dir, 'cache'), hasRoom })
    const app = join(disk.dir, 'cache/apps/one')
    mkdirSync(app)
    writeFileSync(join(app, 'file'), new Uint8Array(2 * MB))
    disk.fill()
    expect(await caches.makeRoom()).toBe(true)
    expect(existsSync(app)).toBe(false)
  })

  test('when nothing is left to evict, the disk has too little space', async () => {
    await using caches = open({ hasRoom: () => false })
    put('apps/first', 1)
    expect(await caches.makeRoom()).toBe(false)
    expect(isThere('apps/first')).toEqual([false])
  })
})
