import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Real builds behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

const MB = 1_000_000
const FILES = { 'index.js': '' }
const app = (...commands: string[]) => spacefileOf(`engine: nodejs16\ncommands: ${JSON.stringify(commands)}`)
const scope = { cacheScope: 'app_1' }
/** Until it is ended; each file is small. */
const ENDLESS = 'i=0; while :; do head -c 1000000 /dev/zero > $TARGET/f$i; i=$((i+1)); done'

describe('a build that writes too much', () => {
  test('into its folder is ended while it runs, with a sentence', async () => {
    using shop = openBuildHarness({ workBytes: 20 * MB })
    const result = await shop.build(app(`TARGET=. ; ${ENDLESS}`), FILES, scope)
    expect(result).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining('more than 20 MB into its folder'),
    })
    expect(shop.revisions()).toEqual([])
  })

  test('into its folder within a moment fails as well', async () => {
    using shop = openBuildHarness({ workBytes: 20 * MB })
    const write = 'for i in 1 2 3; do head -c 9000000 /dev/zero > f$i; done'
    expect(await shop.build(app(write), FILES, scope)).toMatchObject({
      message: expect.stringContaining('more than 20 MB into its folder'),
    })
  })

  test('empty files count', async () => {
    using shop = openBuildHarness({ workBytes: 20 * MB })
    const write = 'mkdir many && cd many && seq 1 6000 | xargs touch'
    expect(await shop.build(app(write), FILES, scope)).toMatchObject({
      message: expect.stringContaining('more than 20 MB into its folder'),
    })
  })

  test('into its cache is ended, and the cache is emptied', async () => {
    using shop = openBuildHarness({ appBytes: 10 * MB })
    const result = await shop.build(app(`TARGET=$XDG_CACHE_HOME ; ${ENDLESS}`), FILES, scope)
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('more than 20 MB into its cache'),
    })
    expect(readdirSync(join(shop.dir, 'cache/apps'))).toEqual([])
  })

  test('a little too much into its cache succeeds, and the cache is emptied', async () => {
    using shop = openBuildHarness({ appBytes: 10 * MB })
    const result = await shop.build(app('head -c 15000000 /dev/zero > $XDG_CACHE_HOME/big'), FILES, scope)
    expect(result.kind).toBe('built')
    expect(shop.lines).toContain('The build cache of this app was larger than 10 MB and has been emptied.')
    expect(existsSync(join(shop.dir, 'cache/apps/app_1'))).toBe(false)
  })

  test('in a folder too deep to be measured is ended', async () => {
    using shop = openBuildHarness({ workBytes: 20 * MB })
    const hide =
      'n=$(printf d%.0s $(seq 200)); for i in $(seq 30); do mkdir $n; cd -P ./$n; done; echo x > file'
    expect(await shop.build(app(hide), FILES, scope)).toMatchObject({
      message: expect.stringContaining('too deep to be measured'),
    })
    expect(shop.revisions()).toEqual([])
  })
})

describe('a disk without room', () => {
  test('refuses a build before it begins, and blames the server', async () => {
    using shop = openBuildHarness({ hasRoom: () => false })
    expect(await shop.build(app('touch ran'), FILES, scope)).toMatchObject({
      fault: 'system',
      message: expect.stringContaining("The server's disk is full. Delete an app"),
    })
    expect(shop.commands).toEqual([])
  })

  test('ends a build that runs', async () => {
    const disk = { hasRoom: true }
    using shop = openBuildHarness({ hasRoom: () => disk.hasRoom })
    const building = shop.build(app('echo begun; sleep 600'), FILES, {
      ...scope,
      onLine: (line) => void (line.endsWith('begun') && (disk.hasRoom = false)),
    })
    expect(await building).toMatchObject({
      fault: 'system',
      message: expect.stringContaining('disk is full'),
    })
  })
})
