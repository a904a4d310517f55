import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSpacefile } from '../../spacefile/index.ts'
import { type BuildHarness, openBuildHarness } from '../testing/build-harness.ts'
import { findPlace } from './find-place.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

let harness: BuildHarness
beforeEach(() => void (harness = openBuildHarness()))
afterEach(() => harness[Symbol.dispose]())

const spacefile = (src: string, fields: string) => `v: 0\nmicros:\n  - {name: app, src: ${src}, ${fields}}\n`

describe('a micro belongs to', () => {
  const place = (files: Readonly<Record<string, string>>, src: string, engine = 'nodejs16') => {
    for (const [path, text] of Object.entries({ ...files, [`${src}/x`]: '' })) {
      mkdirSync(join(harness.dir, 'up', dirname(path)), { recursive: true })
      writeFileSync(join(harness.dir, 'up', path), text)
    }
    const [spec] = parseSpacefile(spacefile(src, `engine: ${engine}, run: x`)).value!.micros
    return findPlace(join(harness.dir, 'up'), spec!)
  }
  const MEMBER = { 'packages/api/package.json': '{}' }
  const root = (fields: object) => ({ ...MEMBER, 'package.json': JSON.stringify(fields) })

  test.each([
    ['npm', root({ workspaces: ['packages/*'] })],
    ['yarn, as an object', root({ workspaces: { packages: ['./packages/api/'] } })],
    ['pnpm', { ...root({}), 'pnpm-workspace.yaml': 'packages:\n  - "packages/**"\n' }],
  ])('the workspace of %s above it', async (_name, files) => {
    expect(await place(files, 'packages/api')).toEqual({ root: '.', path: 'packages/api' })
  })

  test.each([
    ['is not its member', root({ workspaces: ['apps/*'] })],
    ['excludes it', { ...root({}), 'pnpm-workspace.yaml': 'packages: ["packages/*", "!packages/api"]' }],
    ['cannot be read', { ...MEMBER, 'package.json': '{', 'pnpm-workspace.yaml': '[' }],
    ['is none', root({ dependencies: { a: '1' } })],
  ])('itself when the project %s', async (_name, files) => {
    expect(await place(files, 'packages/api')).toEqual({ root: 'packages/api', path: '.' })
  })

  test('the nearest workspace', async () => {
    const files = {
      ...root({ workspaces: ['packages/*'] }),
      'packages/package.json': '{"workspaces":["api"]}',
    }
    expect(await place(files, 'packages/api')).toEqual({ root: 'packages', path: 'api' })
  })

  test('the package above it when it has no package.json', async () => {
    const files = { 'package.json': '{"dependencies":{"a":"1"}}' }
    expect(await place(files, 'server')).toEqual({ root: '.', path: 'server' })
    expect(await place(files, 'server', 'python3.9')).toEqual({ root: 'server', path: '.' })
    expect(await place({ 'package.json': '{"devDependencies":{"a":"1"}}' }, 'server')).toEqual({
      root: 'server',
      path: '.',
    })
  })
})

const PROJECT = {
  'package.json': '{"private":true,"workspaces":["packages/*"]}',
  'packages/api/package.json': '{"name":"api","dependencies":{"@my/shared":"*"}}',
  'packages/api/index.js': 'console.log(require("@my/shared"))',
  'packages/api/local.txt': 'x',
  'packages/shared/package.json': '{"name":"@my/shared","main":"index.js","dependencies":{"deep":"*"}}',
  'packages/shared/index.js': 'module.exports = "shared " + require("deep")',
  'packages/deep/package.json': '{"name":"deep","main":"index.js"}',
  'packages/deep/index.js': 'module.exports = "and deep"',
  'packages/web/package.json': '{"name":"web"}',
  'packages/web/secret.js': 'not for the api',
}

describe('a member of a workspace', () => {
  const runApp = () =>
    execFileSync('sh', ['-c', 'cd packages/api && node index.js'], {
      cwd: join(harness.outDir, 'app'),
      encoding: 'utf8',
    })

  test.each([
    ['all its files', 'engine: nodejs16'],
    ['the files of `include`', 'engine: nodejs16, include: [index.js], run: node index.js'],
  ])('runs with %s and the members that it needs, without the others', async (_name, fields) => {
    const result = await harness.build(spacefile('packages/api', fields), PROJECT)
    expect(result).toMatchObject({ micros: [{ command: "cd 'packages/api' && node index.js" }] })
    expect(runApp()).toBe('shared and deep\n')
    expect(readdirSync(join(harness.outDir, 'app/packages')).sort()).toEqual(['api', 'deep', 'shared'])
    expect(existsSync(join(harness.outDir, 'app/node_modules/web'))).toBe(false)
    expect(existsSync(join(harness.outDir, 'app/packages/api/local.txt'))).toBe(!fields.includes('include'))
  })

  test('runs its commands in its own folder, and sees the others', async () => {
    const fields = 'engine: nodejs16, commands: ["pwd > where; cat ../web/secret.js > seen"]'
    await harness.build(spacefile('packages/api', fields), PROJECT)
    expect(harness.read('app/packages/api/where')).toEndWith('/packages/api\n')
    expect(harness.read('app/packages/api/seen')).toBe('not for the api')
  })

  test('is built again when another member changes', async () => {
    const text = spacefile('packages/api', 'engine: nodejs16')
    await harness.build(text, PROJECT)
    const again = { outDir: join(harness.dir, 'revisions/b2'), earlier: [harness.outDir] }
    await harness.build(text, { ...PROJECT, 'packages/deep/index.js': 'other' }, again)
    expect(harness.commands).toHaveLength(2)
  })

  test('that is a page is served from its own result', async () => {
    const files = {
      ...PROJECT,
      'packages/web/package.json':
        '{"name":"web","dependencies":{"deep":"*"},"scripts":{"build":"mkdir dist && node make.js > dist/index.html"}}',
      'packages/web/make.js': 'console.log(require("deep"))',
    }
    expect(await harness.build(spacefile('packages/web', 'engine: react'), files)).toMatchObject({
      kind: 'built',
    })
    expect(harness.read('app/index.html')).toBe('and deep\n')
  })
})
