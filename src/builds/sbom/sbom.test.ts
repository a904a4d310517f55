import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildHarness, openBuildHarness, spacefileOf } from '../testing/build-harness.ts'
import { readSbom } from './cyclone-dx.ts'
import { installedPackages } from './installed-packages.ts'
import { packageUrl, readPackageUrl } from './package-url.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

let harness: BuildHarness
beforeEach(() => void (harness = openBuildHarness()))
afterEach(() => harness[Symbol.dispose]())

const write = (files: Readonly<Record<string, string>>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(harness.dir, 'app', path)), { recursive: true })
    writeFileSync(join(harness.dir, 'app', path), text)
  }
  return join(harness.dir, 'app')
}
const pkg = (name: string, version: string) => JSON.stringify({ name, version })

test('the packages of each package manager are found', async () => {
  const dir = write({
    'node_modules/a/package.json': pkg('a', '1.0.0'),
    'node_modules/a/node_modules/b/package.json': pkg('b', '2.0.0'),
    'node_modules/@s/c/package.json': pkg('@s/c', '3.0.0'),
    'node_modules/.pnpm/d@4.0.0/node_modules/d/package.json': pkg('d', '4.0.0'),
    '.python_packages/Typing_Extensions-4.8.0.dist-info/METADATA': '',
    'Cargo.lock':
      '[[package]]\nname = "own"\nversion = "0.1.0"\n\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry"\n',
  })
  expect(await installedPackages(dir)).toEqual([
    'pkg:cargo/serde@1.0.1',
    'pkg:npm/%40s/c@3.0.0',
    'pkg:npm/a@1.0.0',
    'pkg:npm/b@2.0.0',
    'pkg:npm/d@4.0.0',
    'pkg:pypi/typing-extensions@4.8.0',
  ])
})

test('nothing outside the folder is read, and nonsense is left out', async () => {
  const dir = write({
    'node_modules/bad/package.json': '[',
    'node_modules/odd/package.json': '{"name":["x"],"version":"1 2\\n"}',
    'outside/package.json': pkg('outside', '1.0.0'),
  })
  symlinkSync('../outside', join(dir, 'node_modules/linked'))
  mkdirSync(join(dir, 'node_modules/file'))
  symlinkSync('../../outside/package.json', join(dir, 'node_modules/file/package.json'))
  expect(await installedPackages(dir)).toEqual([])
})

test.each([
  ['a', '1.0.0'],
  ['@scope/name', '1.0.0-rc.1+build'],
])('a package URL keeps %s at %s', (name, version) => {
  expect(readPackageUrl(packageUrl('npm', name, version))).toEqual({ name, version })
})

test('a revision says what it is made of, also when a micro was reused', async () => {
  const text = spacefileOf(
    'engine: nodejs16\ncommands: ["mkdir -p node_modules/a && cp a.json node_modules/a/package.json"]',
  )
  const files = { 'index.js': '', 'a.json': pkg('a', '1.0.0') }
  await harness.build(text, files)
  const again = join(harness.dir, 'revisions/b2')
  await harness.build(text, files, { outDir: again, earlier: [harness.outDir] })
  for (const dir of [harness.outDir, again])
    expect(await readSbom(dir, { name: 'notes', tag: 'one', createdAt: '2026-01-01T00:00:00Z' })).toEqual({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        timestamp: '2026-01-01T00:00:00Z',
        tools: { components: [] },
        component: { type: 'application', name: 'notes', version: 'one', 'bom-ref': 'app' },
      },
      components: [
        { type: 'application', name: 'app', version: 'one', 'bom-ref': 'micro:app' },
        {
          type: 'library',
          name: 'a',
          version: '1.0.0',
          'bom-ref': 'pkg:npm/a@1.0.0',
          purl: 'pkg:npm/a@1.0.0',
        },
      ],
      dependencies: [
        { ref: 'app', dependsOn: ['micro:app'] },
        { ref: 'micro:app', dependsOn: ['pkg:npm/a@1.0.0'] },
      ],
    })
})
