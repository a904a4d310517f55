import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { answerNodeManifests } from '../vanished/answer-manifests.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'ownspace-own-'))))
afterEach(() => rmSync(dir, { recursive: true }))

function write(files: Readonly<Record<string, object | string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/** What the package manager would read, and the lines in the log. */
async function dependenciesOf(path: string) {
  const { notices } = await answerNodeManifests(dir, new Map())
  const { dependencies } = JSON.parse(readFileSync(join(dir, path), 'utf8'))
  return { dependencies, notices: [...notices] }
}

const WORKSPACE = {
  'package.json': { workspaces: ['packages/*'], dependencies: {} },
  'packages/lib/package.json': { name: '@me/lib', version: '2.0.0' },
}
const web = (spec: string) => ({ 'packages/web/package.json': { dependencies: { '@me/lib': spec } } })

test.each(['^1.0.0', '1.x', 'latest', '>=3'])(
  'a member of the workspace is not asked of the registry for %s',
  async (spec) => {
    write({ ...WORKSPACE, ...web(spec) })
    expect(await dependenciesOf('packages/web/package.json')).toEqual({
      dependencies: { '@me/lib': '2.0.0' },
      notices: [
        `@me/lib is part of this project: its folder packages/lib is used, and @me/lib@${spec} is not asked of the registry`,
      ],
    })
  },
)

test.each(['^2.0.0', '*', 'workspace:*', 'file:../lib', 'npm:other@1', 'github:me/lib'])(
  'a dependency on a member by %s stays',
  async (spec) => {
    write({ ...WORKSPACE, ...web(spec) })
    expect(await dependenciesOf('packages/web/package.json')).toEqual({
      dependencies: { '@me/lib': spec },
      notices: [],
    })
  },
)

test('the members of pnpm are those of pnpm-workspace.yaml', async () => {
  write({
    'package.json': {},
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    'packages/lib/package.json': { name: '@me/lib', version: '2.0.0' },
    ...web('^1.0.0'),
  })
  expect((await dependenciesOf('packages/web/package.json')).dependencies).toEqual({ '@me/lib': '2.0.0' })
})

test('a folder that one package names is not asked of the registry by another', async () => {
  write({
    'package.json': { dependencies: { lib: 'file:./lib' } },
    'lib/package.json': { name: 'lib', version: '1.0.0' },
    'tool/package.json': { dependencies: { lib: '^9.0.0' } },
  })
  expect((await dependenciesOf('tool/package.json')).dependencies).toEqual({ lib: 'file:../lib' })
})

test.each([
  ['package-lock.json', '{"packages":{"node_modules/@me/lib":{"version":"1.0.0","integrity":"sha512-x"}}}'],
  ['pnpm-lock.yaml', "packages:\n\n  '@me/lib@1.0.0':\n    resolution: {integrity: sha512-x}\n"],
  [
    'yarn.lock',
    '"@me/lib@^1.0.0":\n  version "1.0.0"\n  resolved "https://r/x.tgz#1"\n  integrity sha512-x\n',
  ],
  ['yarn.lock', '"@me/lib@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "@me/lib@npm:1.0.0"\n'],
  ['bun.lock', '{"packages":{"@me/lib": ["@me/lib@1.0.0", "", {}, "sha512-x"]}}'],
])('a published version that %s locks is the choice of the author', async (lockfile, lock) => {
  write({ ...WORKSPACE, ...web('^1.0.0'), [lockfile]: lock })
  expect((await dependenciesOf('packages/web/package.json')).dependencies).toEqual({ '@me/lib': '^1.0.0' })
})

test.each([
  ['package-lock.json', '{"packages":{"node_modules/@me/lib":{"resolved":"packages/lib","link":true}}}'],
  ['yarn.lock', '"@me/lib@workspace:packages/lib":\n  resolution: "@me/lib@workspace:packages/lib"\n'],
])('a %s that links the member does not open the name', async (lockfile, lock) => {
  write({ ...WORKSPACE, ...web('^1.0.0'), [lockfile]: lock })
  expect((await dependenciesOf('packages/web/package.json')).dependencies).toEqual({ '@me/lib': '2.0.0' })
})

test('a package.json that is no object, or hostile names, change nothing', async () => {
  write({
    'package.json': '{"workspaces":["*"],"dependencies":[]}',
    'a/package.json': '[]',
    'b/package.json': '{"name":"__proto__","dependencies":{"__proto__":"1","constructor":"^1"}}',
    'c/package.json': '{"name":7,"dependencies":null}',
  })
  expect((await answerNodeManifests(dir, new Map())).notices.size).toBe(0)
})
