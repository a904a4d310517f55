import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Real package managers behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

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
    using shop = openBuildHarness()
    expect((await shop.build(NODE, files)).kind).toBe('built')
    expect(shop.lines).toContain('[app] Installing dependencies with npm...')
    expect(existsSync(join(shop.outDir, 'app/node_modules/local'))).toBe(true)
  })

  test('are installed without a lockfile that cannot be followed, and the log says so', async () => {
    using shop = openBuildHarness()
    const lock = '{"lockfileVersion":3,"packages":{"":{}}}'
    expect((await shop.build(NODE, { ...files, 'package-lock.json': lock })).kind).toBe('built')
    expect(shop.lines).toContain(
      '[app] The install by package-lock.json failed. Trying again without it: versions may differ.',
    )
    expect(existsSync(join(shop.outDir, 'app/node_modules/local'))).toBe(true)
  })

  test('are not looked for when package.json names none', async () => {
    using shop = openBuildHarness()
    await shop.build(NODE, { 'index.js': '', 'package.json': '{"type":"module"}', 'package-lock.json': '{}' })
    expect(shop.commands).toEqual([])
  })

  test('with code of their own go to a cache of this app alone', async () => {
    using shop = openBuildHarness()
    await shop.build(NODE, files, { cacheScope: 'app_1' })
    expect(shop.commands.map(({ cacheDir }) => cacheDir)).toEqual([join(shop.dir, 'cache/apps/app_1')])
  })

  test('that only download go to the shared cache, and their scripts are not run', async () => {
    using shop = openBuildHarness()
    const packages = { '': {}, 'node_modules/no-such': { version: '1.0.0', integrity: 'sha512-eA==' } }
    const lock = JSON.stringify({ lockfileVersion: 3, packages })
    const withLock = { ...files, 'package-lock.json': lock }
    await shop.build(NODE, withLock, { cacheScope: 'app_1' })
    expect(shop.commands[0]).toMatchObject({
      cacheDir: join(shop.dir, 'cache/shared'),
      script: expect.stringContaining('--ignore-scripts'),
    })
  })

  test('never use the shared cache beside an .npmrc', async () => {
    using shop = openBuildHarness()
    const lock = '{"lockfileVersion":3,"packages":{"":{}}}'
    await shop.build(NODE, { ...files, 'package-lock.json': lock, '.npmrc': 'git=./evil' })
    expect(shop.commands.some(({ cacheDir }) => cacheDir.endsWith('shared'))).toBe(false)
  })

  const missing = ['yarn', 'pnpm'].find((name) => Bun.which(name) === null)
  const lockfile = missing === 'yarn' ? 'yarn.lock' : 'pnpm-lock.yaml'
  test.skipIf(missing === undefined)('of a package manager that is not there say what to do', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(NODE, { ...files, [lockfile]: '' })).toMatchObject({
      fault: 'system',
      message: expect.stringContaining(`${missing} is not installed on this server`),
    })
  })

  test('that do not exist are the fault of the app', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(NODE, {
      'index.js': '',
      'package.json': '{"dependencies":{"a":"file:./none.tgz"}}',
    })
    expect(result).toMatchObject({ fault: 'user', message: expect.stringContaining('npm could not install') })
    expect(shop.revisions()).toEqual([])
  })
})
