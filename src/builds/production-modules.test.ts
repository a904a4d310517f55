import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { developmentPaths } from './production-modules.ts'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'
import { REGISTRY_MS } from './testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

/** As the TypeScript starter of Deta Space. */
const STARTER = spacefileOf(
  'engine: nodejs16\ncommands: ["mkdir dist && cp index.ts dist/index.js"]\ninclude: [dist]\nrun: node dist/index.js',
)
const packages = (fields: object) => ({
  'package.json': JSON.stringify(fields),
  'local/package.json': '{"name":"local","version":"1.0.0"}',
  'tool/package.json': '{"name":"tool","version":"1.0.0"}',
  'index.ts': '',
})

describe('a micro with `include`', () => {
  test('has the dependencies that it needs to run, and its package.json', async () => {
    using harness = openBuildHarness()
    const files = packages({ type: 'module', dependencies: { local: 'file:./local' } })
    expect((await harness.build(STARTER, files)).kind).toBe('built')
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['dist', 'node_modules', 'package.json'])
    expect(harness.read('app/node_modules/local/package.json')).toContain('local')
  })

  test('has none when it lists only dependencies for development', async () => {
    using harness = openBuildHarness()
    const files = packages({ devDependencies: { tool: 'file:./tool' } })
    expect((await harness.build(STARTER, files)).kind).toBe('built')
    expect(readdirSync(join(harness.outDir, 'app'))).toEqual(['dist'])
  })
})

test('packages for development are those that the lockfile marks', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': {},
      'node_modules/b': { dev: true },
      'node_modules/a/node_modules/c': { dev: true },
      'node_modules/../../d': { dev: true },
      e: { dev: true },
      'node_modules/f': { devOptional: true },
    },
  }
  expect(developmentPaths(JSON.stringify(lock))).toEqual(['node_modules/b', 'node_modules/a/node_modules/c'])
  expect(developmentPaths('{')).toEqual([])
})
