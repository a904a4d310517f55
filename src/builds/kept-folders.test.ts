import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeptFolders } from './kept-folders.ts'
import { type BuildHarness, openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

let harness: BuildHarness
beforeEach(() => void (harness = openBuildHarness()))
afterEach(() => harness[Symbol.dispose]())

const COUNT = 'mkdir -p .next/cache build; echo x >> .next/cache/count; cp .next/cache/count build/index.html'
const REACT = spacefileOf('engine: react')
const project = (script: string, more: object = {}) => ({
  'package.json': JSON.stringify({ scripts: { build: script }, ...more }),
  'src/a.js': String(Math.random()),
})

/** A push of the app `a`; its revision replaces the last one. */
async function push(files: Readonly<Record<string, string>>, cacheScope = 'a', text = REACT) {
  rmSync(harness.outDir, { recursive: true, force: true })
  const { kind } = await harness.build(text, files, { cacheScope })
  return kind
}
const result = () => harness.read('app/index.html').trim().split('\n').length

describe('the cache of a framework', () => {
  test('is there in the next build of the micro, and never in the artifact', async () => {
    await push(project(COUNT))
    await push(project(COUNT))
    expect(result()).toBe(2)
    const node = spacefileOf('engine: nodejs16\nrun: node a\ncommands: [npm run build]')
    await push(project(COUNT), 'a', node)
    expect(existsSync(join(harness.outDir, 'app/.next/cache'))).toBe(false)
    expect(harness.read('app/build/index.html')).toBe('x\nx\nx\n')
  })

  test('is not there for another app, or another micro', async () => {
    await push(project(COUNT))
    await push(project(COUNT), 'b')
    expect(result()).toBe(1)
    await push(project(COUNT), 'a', REACT.replace('name: app', 'name: other'))
    expect(harness.read('other/index.html')).toBe('x\n')
  })

  test('is gone after a build that failed', async () => {
    await push(project(COUNT))
    expect(await push(project('exit 1'))).toBe('failed')
    await push(project(COUNT))
    expect(result()).toBe(1)
  })

  test('of a compiler is kept beside the result', async () => {
    const rust = spacefileOf(
      `engine: custom\nrun: ./app\ninclude: [target/app]\ncommands: ["mkdir -p target; echo x >> target/app"]`,
    )
    await push({ a: '1' }, 'a', rust)
    await push({ a: '2' }, 'a', rust)
    expect(harness.read('app/target/app')).toBe('x\nx\n')
  })

  test('counts for the app, and goes with it', async () => {
    using bounded = openBuildHarness({ appBytes: 1_000_000 })
    const text =
      'mkdir -p .next/cache build && echo x > build/index.html && head -c 2000000 /dev/zero > .next/cache/a'
    await bounded.build(REACT, project(text), { cacheScope: 'a' })
    expect(bounded.lines).toContainEqual(expect.stringContaining('has been emptied'))
    expect(existsSync(join(bounded.dir, 'cache/kept/a'))).toBe(false)
  })
})

describe('a folder is not moved', () => {
  test.each([
    ['through a link that the build made', (dir: string) => symlinkSync('/etc', join(dir, '.next'))],
    ['over one that was uploaded', (dir: string) => mkdirSync(join(dir, '.next/cache'), { recursive: true })],
  ])('%s', async (_name, prepare) => {
    const [kept, work] = [join(harness.dir, 'kept'), join(harness.dir, 'work')]
    for (const folder of [kept, work]) mkdirSync(folder)
    mkdirSync(join(kept, 'cache..next.cache'))
    writeFileSync(join(kept, 'cache..next.cache/a'), '1')
    prepare(work)
    const folders = createKeptFolders(kept, work)
    await folders.takeCaches()
    expect(readFileSync(join(kept, 'cache..next.cache/a'), 'utf8')).toBe('1')
    if (!lstatSync(join(work, '.next')).isSymbolicLink()) return
    await folders.keepCaches()
    expect(existsSync('/etc/cache')).toBe(false)
    expect(existsSync(join(kept, 'cache..next.cache/a'))).toBe(true)
  })
})

describe('installed dependencies', () => {
  const LOCK = JSON.stringify({ lockfileVersion: 3, packages: { '': {} } })
  const script =
    'mkdir -p build node_modules; echo x >> node_modules/count; cp node_modules/count build/index.html'
  const installing = (more: object = {}, lock = LOCK) => ({
    ...project(script, { dependencies: {}, optionalDependencies: { a: '*' }, ...more }),
    'package-lock.json': lock,
  })
  // The registry is not asked for a dependency that may be missing.
  const empty = {
    optionalDependencies: {},
    peerDependencies: { a: '*' },
    peerDependenciesMeta: { a: { optional: true } },
  }

  test('are moved on to the next build with the same lockfile', async () => {
    expect(await push(installing(empty))).toBe('built')
    expect(await push(installing(empty))).toBe('built')
    expect(result()).toBe(2)
    expect(harness.lines).toContain('[app] Dependencies are unchanged: reused from an earlier build')
    await push(installing(empty, `${LOCK}\n`))
    expect(result()).toBe(1)
  })
})
