import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Real builds in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

const MB = 1_000_000
const FILES = { 'index.js': '' }
const app = (...commands: string[]) => spacefileOf(`engine: nodejs16\ncommands: ${JSON.stringify(commands)}`)
const scope = { cacheScope: 'app_1' }
/** Writes small files until it is stopped. */
const ENDLESS = 'i=0; while :; do head -c 1000000 /dev/zero > $TARGET/f$i; i=$((i+1)); done'

describe('a build that writes too much', () => {
  test('into its folder is stopped while it runs, with a message', async () => {
    using harness = openBuildHarness({ workBytes: 20 * MB })
    const result = await harness.build(app(`TARGET=. ; ${ENDLESS}`), FILES, scope)
    expect(result).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining('more than 20 MB into its folder'),
    })
    expect(harness.revisions()).toEqual([])
  })

  test('into its folder within a moment fails as well', async () => {
    using harness = openBuildHarness({ workBytes: 20 * MB })
    const write = 'for i in 1 2 3; do head -c 9000000 /dev/zero > f$i; done'
    expect(await harness.build(app(write), FILES, scope)).toMatchObject({
      message: expect.stringContaining('more than 20 MB into its folder'),
    })
  })

  test('empty files count', async () => {
    using harness = openBuildHarness({ workBytes: 20 * MB })
    const write = 'mkdir many && cd many && seq 1 6000 | xargs touch'
    expect(await harness.build(app(write), FILES, scope)).toMatchObject({
      message: expect.stringContaining('more than 20 MB into its folder'),
    })
  })

  test('into its cache is stopped, and the cache is emptied', async () => {
    using harness = openBuildHarness({ appBytes: 10 * MB })
    const result = await harness.build(app(`TARGET=$XDG_CACHE_HOME ; ${ENDLESS}`), FILES, scope)
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('more than 20 MB into its cache'),
    })
    expect(readdirSync(join(harness.dir, 'cache/apps'))).toEqual([])
  })

  test('a little too much into its cache succeeds, and the cache is emptied', async () => {
    using harness = openBuildHarness({ appBytes: 10 * MB })
    const result = await harness.build(app('head -c 15000000 /dev/zero > $XDG_CACHE_HOME/big'), FILES, scope)
    expect(result.kind).toBe('built')
    expect(harness.lines).toContain('The build cache of this app was larger than 10 MB and has been emptied.')
    expect(existsSync(join(harness.dir, 'cache/apps/app_1'))).toBe(false)
  })

  test('with paths too long to be measured is stopped', async () => {
    using harness = openBuildHarness({ workBytes: 20 * MB })
    const hide =
      'n=$(printf d%.0s $(seq 200)); for i in $(seq 30); do mkdir $n; cd -P ./$n; done; echo x > file'
    expect(await harness.build(app(hide), FILES, scope)).toMatchObject({
      message: expect.stringContaining('too long to be measured'),
    })
    expect(harness.revisions()).toEqual([])
  })
})

describe('a full disk', () => {
  test('refuses a build before it starts, as a failure of the server', async () => {
    using harness = openBuildHarness({ hasRoom: () => false })
    expect(await harness.build(app('touch ran'), FILES, scope)).toMatchObject({
      fault: 'system',
      message: expect.stringContaining("The server's disk is full. Delete an app"),
    })
    expect(harness.commands).toEqual([])
  })

  test('stops a running build', async () => {
    const disk = { hasRoom: true }
    using harness = openBuildHarness({ hasRoom: () => disk.hasRoom })
    const building = harness.build(app('echo begun; sleep 600'), FILES, {
      ...scope,
      onLine: (line) => void (line.endsWith('begun') && (disk.hasRoom = false)),
    })
    expect(await building).toMatchObject({
      fault: 'system',
      message: expect.stringContaining('disk is full'),
    })
  })
})
