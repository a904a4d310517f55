import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildHarness, openBuildHarness } from '../testing/build-harness.ts'
import { digestTree } from './digest-tree.ts'
import { linkEach, linkTree } from './link-tree.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'

// Commands run in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

const TWO = `v: 0
micros:
  - {name: web, src: web, engine: static, serve: ., primary: true}
  - {name: api, src: api, engine: nodejs16, commands: ["date +%N > made"]}
`
const FILES = { 'web/index.html': 'page '.repeat(1_000), 'api/index.js': 'serve()', Spacefile: 'v: 0' }

let harness: BuildHarness
beforeEach(() => void (harness = openBuildHarness()))
afterEach(() => harness[Symbol.dispose]())

const revision = (name: string) => join(harness.dir, 'revisions', name)
const inode = (path: string) => lstatSync(path).ino
const pushAgain = (files: Readonly<Record<string, string>>, text = TWO, more = {}) =>
  harness.build(text, files, { outDir: revision('b2'), earlier: [harness.outDir], ...more })

describe('a push of the same bytes', () => {
  test('makes no folder when that revision serves', async () => {
    const first = await harness.build(TWO, FILES)
    const again = await pushAgain(FILES, TWO, { serving: harness.outDir })
    expect([first.kind, again.kind]).toEqual(['built', 'unchanged'])
    expect(again).toMatchObject({ micros: [{ name: 'web' }, { name: 'api' }] })
    expect(harness.revisions()).toEqual(['b1'])
    expect(harness.commands).toHaveLength(1)
  })

  test('needs no archive when that revision serves', async () => {
    await harness.build(TWO, FILES)
    const digest = createHash('sha256')
      .update(readFileSync(join(harness.dir, 'upload.zip')))
      .digest('hex')
    const named = { archive: { digest }, serving: harness.outDir }
    expect((await pushAgain(FILES, TWO, named)).kind).toBe('unchanged')
    const outdated = { kind: 'failed', message: expect.stringContaining('Run again: space push') }
    const others = [
      [TWO, { ...named, archive: { digest: 'f'.repeat(64) } }],
      [TWO, { ...named, serving: revision('other') }],
      [TWO, { ...named, earlier: [] }],
      [TWO.replace('date', 'date -u'), named],
    ] as const
    for (const [text, options] of others)
      expect(await pushAgain(FILES, text, options)).toMatchObject(outdated)
    expect(harness.revisions()).toEqual(['b1'])
  })

  test('shares the files of an earlier revision when another one serves', async () => {
    await harness.build(TWO, FILES)
    expect((await pushAgain(FILES, TWO, { serving: revision('other') })).kind).toBe('built')
    for (const path of ['web/index.html', 'web.br/index.html', 'api/index.js', 'api/made'])
      expect(inode(join(revision('b2'), path))).toBe(inode(join(harness.outDir, path)))
    expect(harness.commands).toHaveLength(1)
  })

  test('is built without earlier revisions', async () => {
    await harness.build(TWO, FILES)
    expect((await pushAgain(FILES, TWO, { earlier: [] })).kind).toBe('built')
    expect(harness.commands).toHaveLength(2)
  })
})

test('a change in one micro builds one micro', async () => {
  await harness.build(TWO, FILES)
  await pushAgain({ ...FILES, 'web/index.html': 'other' })
  expect(readFileSync(join(revision('b2'), 'web/index.html'), 'utf8')).toBe('other')
  expect(inode(join(revision('b2'), 'api/made'))).toBe(inode(join(harness.outDir, 'api/made')))
  expect(harness.commands).toHaveLength(1)
  expect(harness.lines).toContain('Micro api is unchanged: reused from an earlier revision')
})

test.each([
  ['a file', { 'api/index.js': 'other' }, TWO],
  ['a new file', { 'api/new.js': '' }, TWO],
  ['the executable bit', { 'api/index.js': '#!serve()' }, TWO],
  ['a command', {}, TWO.replace('date', 'date -u')],
  ['a preset', {}, TWO.replace(', commands', ', presets: {env: [{name: A, default: b}]}, commands')],
  ['the engine', {}, TWO.replace('nodejs16', 'nodejs18')],
])('a micro is built again after a change of %s', async (_name, files, text) => {
  await harness.build(TWO, FILES)
  await pushAgain({ ...FILES, ...files }, text)
  expect(harness.commands).toHaveLength(2)
})

test('a change of who may call a micro builds nothing', async () => {
  await harness.build(TWO, FILES)
  await pushAgain(
    { ...FILES, Spacefile: 'v: 0 # other' },
    TWO.replace(', commands', ', public: true, commands'),
  )
  expect(harness.commands).toHaveLength(1)
})

test('an earlier revision that is gone, or lacks a micro, is not used', async () => {
  await harness.build(TWO, FILES)
  rmSync(join(harness.outDir, 'api'), { recursive: true })
  expect((await pushAgain(FILES)).kind).toBe('built')
  expect(harness.commands).toHaveLength(2)
  rmSync(revision('b2'), { recursive: true })
  const earlier = [revision('b2')]
  expect((await harness.build(TWO, FILES, { outDir: revision('b3'), earlier })).kind).toBe('built')
  expect(harness.commands).toHaveLength(3)
})

test('the removal of the earlier revision leaves the later one whole', async () => {
  await harness.build(TWO, FILES)
  await pushAgain(FILES)
  rmSync(harness.outDir, { recursive: true })
  expect(readFileSync(join(revision('b2'), 'api/index.js'), 'utf8')).toBe('serve()')
})

describe('a digest', () => {
  const changes: readonly [string, (dir: string) => void][] = [
    ['content', (dir) => writeFileSync(join(dir, 'a'), '2')],
    ['a name', (dir) => writeFileSync(join(dir, 'b'), '')],
    ['the executable bit', (dir) => chmodSync(join(dir, 'a'), 0o755)],
    ['a link instead of its target', (dir) => symlinkSync('a', join(dir, 'l'))],
  ]
  test.each(changes)('depends on %s', async (_name, change) => {
    writeFileSync(join(harness.dir, 'a'), '1')
    const before = await digestTree(harness.dir)
    expect(await digestTree(harness.dir)).toBe(before)
    change(harness.dir)
    expect(await digestTree(harness.dir)).not.toBe(before)
  })
})

test.each([
  ['by the program', linkTree],
  ['one by one', linkEach],
])('a tree is linked %s with its links and modes', async (_name, copy) => {
  await harness.build(TWO, FILES)
  symlinkSync('index.js', join(harness.outDir, 'api/link'))
  const target = join(harness.dir, 'copy')
  await copy(join(harness.outDir, 'api'), target)
  expect(await digestTree(target)).toBe(await digestTree(join(harness.outDir, 'api')))
  expect(lstatSync(target).mode).toBe(lstatSync(join(harness.outDir, 'api')).mode)
})

test('a micro whose tool could not be fetched is built again', async () => {
  const room = { isThere: false }
  using short = openBuildHarness({ hasRoomForTools: () => room.isThere })
  const packageJson = JSON.stringify({ packageManager: 'npm@10.9.9' })
  const spacefile =
    'v: 0\nmicros:\n  - {name: a, src: ., engine: custom, run: x, commands: [npm --version]}\n'
  await short.build(spacefile, { 'package.json': packageJson })
  expect(short.lines.join('\n')).toContain('npm 10.9.9 cannot be fetched (the disk of this server is full)')
  room.isThere = true
  const again = { outDir: join(short.dir, 'revisions', 'b2'), earlier: [short.outDir], serving: short.outDir }
  expect((await short.build(spacefile, { 'package.json': packageJson }, again)).kind).toBe('built')
  expect(short.lines).toContain('[a] 10.9.9')
})
