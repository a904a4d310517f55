import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'
import { REGISTRY_MS } from './testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

const NODE = spacefileOf('engine: nodejs16')

describe('dependencies', () => {
  /** A dependency in the upload itself: npm needs no network for it. */
  const files = {
    'index.js': '',
    'package.json': '{"dependencies":{"local":"file:./local"}}',
    'local/package.json': '{"name":"local","version":"1.0.0"}',
    'local/index.js': 'local',
  }

  test('are installed by npm when there is no lockfile', async () => {
    using harness = openBuildHarness()
    expect((await harness.build(NODE, files)).kind).toBe('built')
    expect(harness.lines).toContain('[app] Installing dependencies with npm...')
    expect(existsSync(join(harness.outDir, 'app/node_modules/local'))).toBe(true)
  })

  test('that the lockfile lacks are resolved, and the rest of it is kept', async () => {
    using harness = openBuildHarness()
    const lock = '{"lockfileVersion":3,"packages":{"":{}}}'
    expect((await harness.build(NODE, { ...files, 'package-lock.json': lock })).kind).toBe('built')
    expect(harness.lines).toContain(
      '[app] package-lock.json does not fit package.json. Keeping what it has, and resolving what it lacks.',
    )
    expect(existsSync(join(harness.outDir, 'app/node_modules/local'))).toBe(true)
  })

  test('are not installed when package.json lists none', async () => {
    using harness = openBuildHarness()
    await harness.build(NODE, {
      'index.js': '',
      'package.json': '{"type":"module"}',
      'package-lock.json': '{}',
    })
    expect(harness.commands).toEqual([])
  })

  test('with install scripts use a cache of this app only', async () => {
    using harness = openBuildHarness()
    await harness.build(NODE, files, { cacheScope: 'app_1' })
    expect(harness.commands.map(({ cacheDir }) => cacheDir)).toEqual([join(harness.dir, 'cache/apps/app_1')])
  })

  test('that only download use the shared cache, and their scripts are not run', async () => {
    using harness = openBuildHarness()
    const packages = { '': {}, 'node_modules/no-such': { version: '1.0.0', integrity: 'sha512-eA==' } }
    const lock = JSON.stringify({ lockfileVersion: 3, packages })
    const withLock = { ...files, 'package-lock.json': lock }
    await harness.build(NODE, withLock, { cacheScope: 'app_1' })
    expect(harness.commands[0]).toMatchObject({
      cacheDir: join(harness.dir, 'cache/shared'),
      script: expect.stringContaining('--ignore-scripts'),
    })
  })

  test('never use the shared cache beside an .npmrc', async () => {
    using harness = openBuildHarness()
    const lock = '{"lockfileVersion":3,"packages":{"":{}}}'
    await harness.build(NODE, { ...files, 'package-lock.json': lock, '.npmrc': 'git=./evil' })
    expect(harness.commands.some(({ cacheDir }) => cacheDir.endsWith('shared'))).toBe(false)
  })

  const missing = ['yarn', 'pnpm'].find((name) => Bun.which(name) === null)
  const lockfile = missing === 'yarn' ? 'yarn.lock' : 'pnpm-lock.yaml'
  test.skipIf(missing === undefined)('of a missing package manager fail with what to do', async () => {
    using harness = openBuildHarness({ fetchesTools: false })
    expect(await harness.build(NODE, { ...files, [lockfile]: '' })).toMatchObject({
      fault: 'system',
      message: expect.stringContaining(`${missing} is not installed on this server`),
    })
  })

  test('that do not exist are the fault of the app', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(NODE, {
      'index.js': '',
      'package.json': '{"dependencies":{"a":"file:./none.tgz"}}',
    })
    expect(result).toMatchObject({ fault: 'user', message: expect.stringContaining('npm could not install') })
    expect(harness.revisions()).toEqual([])
  })
})
