import { expect, setDefaultTimeout, test } from 'bun:test'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeModulesCache, treeKey } from './node-modules-cache.ts'
import { BUILD_LIMITS } from './limits.ts'
import { openBuildHarness } from './testing/build-harness.ts'
import { REGISTRY_MS } from './testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

function openTrees() {
  const base = mkdtempSync(join(tmpdir(), 'trees-test-'))
  const dir = join(base, 'trees')
  const work = (name: string) => {
    mkdirSync(join(base, name))
    return join(base, name)
  }
  const trees = openNodeModulesCache(dir)
  return { dir, work, trees, [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
}

function install(workDir: string): void {
  mkdirSync(join(workDir, 'node_modules/a'), { recursive: true })
  mkdirSync(join(workDir, 'node_modules/.bin'))
  writeFileSync(join(workDir, 'node_modules/a/index.js'), 'original')
  symlinkSync('../a/index.js', join(workDir, 'node_modules/.bin/a'))
}

test('a kept tree equals the installed one, including links', async () => {
  using site = openTrees()
  const first = site.work('first')
  install(first)
  await site.trees.keep('k', first)
  const second = site.work('second')
  expect(await site.trees.restore('k', second)).toBe(true)
  expect(readlinkSync(join(second, 'node_modules/.bin/a'))).toBe('../a/index.js')
  expect(await Bun.file(join(second, 'node_modules/a/index.js')).text()).toBe('original')
})

test('a tree that was not kept is not restored', async () => {
  using site = openTrees()
  expect(await site.trees.restore('k', site.work('work'))).toBe(false)
})

test('changes of a build to its modules do not affect the next build', async () => {
  using site = openTrees()
  const first = site.work('first')
  install(first)
  await site.trees.keep('k', first)
  writeFileSync(join(first, 'node_modules/a/index.js'), 'evil')
  const second = site.work('second')
  await site.trees.restore('k', second)
  writeFileSync(join(second, 'node_modules/a/index.js'), 'evil')
  const third = site.work('third')
  await site.trees.restore('k', third)
  expect(await Bun.file(join(third, 'node_modules/a/index.js')).text()).toBe('original')
})

test('a tree that is only read shares its files, and no step of the build changes their owner or mode', async () => {
  using site = openTrees()
  const first = site.work('first')
  install(first)
  await site.trees.keep('k', first)
  const second = site.work('second')
  await site.trees.restore('k', second, { isRead: true })
  const file = lstatSync(join(second, 'node_modules/a/index.js'))
  expect(file.ino).toBe(lstatSync(join(site.dir, 'k/a/index.js')).ino)
  expect([file.uid, file.mode & 0o777]).toEqual([process.getuid!(), 0o644])
  rmSync(join(site.dir, 'k'), { recursive: true })
  expect(await Bun.file(join(second, 'node_modules/a/index.js')).text()).toBe('original')
})

test('nothing is kept when nothing was installed', async () => {
  using site = openTrees()
  await site.trees.keep('k', site.work('work'))
  expect(existsSync(site.dir)).toBe(false)
})

test('two builds may keep the same tree', async () => {
  using site = openTrees()
  const work = site.work('work')
  install(work)
  const results = await Promise.allSettled([site.trees.keep('k', work), site.trees.keep('k', work)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(readdirSync(site.dir)).toEqual(['k'])
})

test('only the most recently used trees are kept', async () => {
  using site = openTrees()
  const work = site.work('work')
  install(work)
  for (let index = 0; index < BUILD_LIMITS.keptTrees; index++) {
    cpSync(join(work, 'node_modules'), join(site.dir, `old${index}`), { recursive: true })
    utimesSync(join(site.dir, `old${index}`), 1_000 + index, 1_000 + index)
  }
  await site.trees.keep('new', work)
  expect(readdirSync(site.dir)).toHaveLength(BUILD_LIMITS.keptTrees)
  expect(existsSync(join(site.dir, 'new'))).toBe(true)
  expect(existsSync(join(site.dir, 'old0'))).toBe(false)
})

test('a key depends on both texts and their boundary', () => {
  expect(new Set([treeKey('a', 'b'), treeKey('ab', ''), treeKey('', 'ab'), treeKey('b', 'a')]).size).toBe(4)
})

test('an install with a lockfile that runs code is never kept', async () => {
  using harness = openBuildHarness()
  await harness.build('v: 0\nmicros: [{name: app, src: ., engine: node}]', {
    'index.js': '',
    'package.json': '{"dependencies":{"local":"file:./local"},"scripts":{"postinstall":"true"}}',
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { local: 'file:./local' } },
        local: { version: '1.0.0' },
        'node_modules/local': { resolved: 'local', link: true },
      },
    }),
    'local/package.json': '{"name":"local","version":"1.0.0"}',
  })
  expect(harness.lines).toContain('All micros built successfully')
  expect(existsSync(join(harness.dir, 'cache/trees'))).toBe(false)
})
