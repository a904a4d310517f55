import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { openBuildHarness, spacefileOf, type BuildHarness } from '../testing/build-harness.ts'
import { legacyPeerDeps } from './ladder.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

const NODE = spacefileOf('engine: nodejs16\nrun: node index.js')
const versionOf = (harness: BuildHarness, name: string) =>
  JSON.parse(readFileSync(join(harness.outDir, 'app/node_modules', name, 'package.json'), 'utf8')).version

describe('a lockfile with a version that the registry does not have', () => {
  const dependencies = { 'is-odd': '3.0.0' }
  const packages = {
    '': { dependencies },
    'node_modules/is-odd': { version: '3.0.0', dependencies: { 'is-number': '^6.0.0' } },
    'node_modules/is-number': { version: '6.0.99' },
  }

  test('keeps the rest: only the lost one is resolved again', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(NODE, {
      'index.js': '',
      'package.json': JSON.stringify({ dependencies: { 'is-odd': '^3.0.0' } }),
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: { ...packages, '': { dependencies: { 'is-odd': '^3.0.0' } } },
      }),
    })
    expect({ kind: result.kind, lines: harness.lines }).toMatchObject({ kind: 'built' })
    expect(harness.lines).toContain(
      '[app] The registry no longer has is-number@6.0.99. Keeping the rest of package-lock.json, and resolving these again.',
    )
    expect(versionOf(harness, 'is-odd')).toBe('3.0.0')
    expect(versionOf(harness, 'is-number')).toBe('6.0.0')
  })

  test('that package.json asks for exactly allows newer ones, and says so', async () => {
    using harness = openBuildHarness()
    const exact = { dependencies: { 'is-number': '6.0.0-gone.1' } }
    const result = await harness.build(NODE, {
      'index.js': '',
      'package.json': JSON.stringify(exact),
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: { '': exact, 'node_modules/is-number': { version: '6.0.0-gone.1' } },
      }),
    })
    expect({ kind: result.kind, lines: harness.lines }).toMatchObject({ kind: 'built' })
    expect(harness.lines).toContain(
      '[app] Allowing newer versions in package.json: is-number 6.0.0-gone.1 → ^6.0.0-gone.1',
    )
    expect(versionOf(harness, 'is-number')).toBe('6.0.0')
  })
})

test.each([
  ['package-lock.json', '{\n  "lockfileVersion": 1,', ' --legacy-peer-deps'],
  ['package-lock.json', '{\n  "lockfileVersion": 3,', ''],
  ['yarn.lock', '# yarn lockfile v1\n', ' --legacy-peer-deps'],
])('%s %p is installed with%s', (lockfile, lock, flag) => {
  expect(legacyPeerDeps(lockfile, lock)).toBe(flag)
})
