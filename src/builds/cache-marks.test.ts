import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discardTornCaches, markUnsynced } from './cache-marks.ts'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

let cacheDir: string
beforeEach(() => (cacheDir = mkdtempSync(join(tmpdir(), 'cache-test-'))))
afterEach(() => rmSync(cacheDir, { recursive: true }))

const CACHES = ['apps/app_1', 'apps/app_2', 'shared', 'trees']
const fill = () => {
  for (const cache of CACHES) {
    mkdirSync(join(cacheDir, cache), { recursive: true })
    writeFileSync(join(cacheDir, cache, 'package'), 'x')
  }
}
const left = () => CACHES.filter((cache) => existsSync(join(cacheDir, cache)))
const start = async () => {
  const { isDeleted } = await discardTornCaches(cacheDir)
  await isDeleted
}
/** What is on the disk after the machine failed during builds. */
const rebooted = () => {
  const marks = join(cacheDir, 'unsynced')
  for (const name of readdirSync(marks)) writeFileSync(join(marks, name), 'another boot')
}

describe('after a power failure during a build', () => {
  test('the caches that it may have written to are discarded, and no others', async () => {
    await start()
    fill()
    await markUnsynced(cacheDir, 'app_1')
    rebooted()
    await start()
    expect(left()).toEqual(['apps/app_2'])
    expect(readdirSync(join(cacheDir, 'unsynced'))).toEqual([])
    expect(readdirSync(join(cacheDir, 'discarded'))).toEqual([])
  })

  test('a mark that is empty afterwards counts', async () => {
    await start()
    fill()
    writeFileSync(join(cacheDir, 'unsynced/app_2.x'), '')
    await start()
    expect(left()).toEqual(['apps/app_1'])
  })

  test('an app without a cache of its own loses none', async () => {
    await start()
    fill()
    await markUnsynced(cacheDir, undefined)
    rebooted()
    await start()
    expect(left()).toEqual(['apps/app_1', 'apps/app_2'])
  })
})

test('after a crash of only the server the caches stay, because the system still writes them to the disk', async () => {
  await start()
  fill()
  await markUnsynced(cacheDir, 'app_1')
  await start()
  expect(left()).toEqual(CACHES)
})

test('after builds that have ended, successfully or not, the caches stay', async () => {
  await start()
  fill()
  await (await markUnsynced(cacheDir, 'app_1')).remove()
  await start()
  expect(left()).toEqual(CACHES)
})

test('caches of a version that did not sync are discarded once', async () => {
  fill()
  await start()
  expect(left()).toEqual([])
  fill()
  await start()
  expect(left()).toEqual(CACHES)
})

test('a new folder has nothing to discard', async () => {
  expect((await discardTornCaches(cacheDir)).names).toEqual([])
})

test('a mark names this boot of the machine', async () => {
  await markUnsynced(cacheDir, 'app_1')
  const [name] = readdirSync(join(cacheDir, 'unsynced'))
  expect(name).toStartWith('app_1.')
  expect(readFileSync(join(cacheDir, 'unsynced', name!), 'utf8')).toMatch(/^[0-9a-f-]{36}\n$/)
})

test.each([
  ['succeeded', { 'index.html': 'x' }],
  ['failed', { 'other.html': 'x' }],
])('a build that %s has no mark left, and had one while it ran', async (_, files) => {
  using harness = openBuildHarness()
  const marks = join(harness.dir, 'cache/unsynced')
  const seen: string[][] = []
  await harness.build(
    spacefileOf('engine: static\nserve: dist\ncommands: ["mkdir -p dist", "cp index.html dist"]'),
    files,
    {
      cacheScope: 'app_1',
      onLine: () => void seen.push(readdirSync(marks)),
    },
  )
  expect(seen[0]).toEqual([expect.stringMatching(/^app_1\./)])
  expect(readdirSync(marks)).toEqual([])
})

test('a full disk does not prevent the start, and deleting torn caches frees space', async () => {
  const mount = ['mount', '-t', 'tmpfs', '-o', 'size=256k,nr_inodes=12', 'tmpfs', cacheDir]
  if ((await Bun.spawn(mount, { stderr: 'ignore' }).exited) !== 0)
    return console.warn('SKIPPED: no file system can be mounted here')
  try {
    mkdirSync(join(cacheDir, 'shared'))
    for (let at = 0; at < 10; at++) writeFileSync(join(cacheDir, 'shared', `${at}`), '')
    expect(() => mkdirSync(join(cacheDir, 'more'))).toThrow('ENOSPC')
    await start()
    expect(readdirSync(cacheDir)).toEqual(['unsynced'])
  } finally {
    await Bun.spawn(['umount', cacheDir]).exited
  }
})
