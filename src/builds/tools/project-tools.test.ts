/** What a build gets from the npm registry, which is the real one. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'
import { PNPM_LOCKS } from './testing/locks.ts'

setDefaultTimeout(REGISTRY_MS)

const NODE = (commands: string) => spacefileOf(`engine: nodejs16\nrun: npm start\ncommands:\n  - ${commands}`)
const packageJson = (fields: object) =>
  JSON.stringify({ name: 'a', private: true, dependencies: { ms: '2.1.3' }, ...fields })

describe('Node', () => {
  test('of the version in package.json builds the micro, with an npm that runs on it, and is recorded for its starts', async () => {
    using harness = openBuildHarness()
    const files = { 'package.json': packageJson({ engines: { node: '18.20.8' } }), 'index.js': '' }
    const result = await harness.build(NODE('node --version && npm --version'), files)
    const log = harness.lines.join('\n')
    expect([result.kind, log]).toEqual(['built', expect.stringContaining('[app] v18.20.8\n[app] 10.9.9')])
    expect(log).toContain('Node 18 has had no security fixes since 2025-04-30')
    if (result.kind === 'built')
      expect(result.micros[0]).toMatchObject({ tools: ['npm-10.9.9', 'node-18.20.8'] })
  })

  test('that is too old for this server is replaced by the machine’s, and the log says so', async () => {
    using harness = openBuildHarness()
    const files = { 'package.json': packageJson({}), '.nvmrc': 'v12.22.12', 'index.js': '' }
    const result = await harness.build(NODE('node --version'), files)
    expect([result.kind, harness.lines.join('\n')]).toEqual([
      'built',
      expect.stringMatching(
        /Node 12\.22\.12, which \.nvmrc asks for, is too old for this server\. Using Node \d+/,
      ),
    ])
  })
})

describe('packageManager', () => {
  const lock = { 'pnpm-lock.yaml': PNPM_LOCKS['6.0'] }
  const build = async (packageManager: string) => {
    using harness = openBuildHarness()
    const files = { 'package.json': packageJson({ packageManager }), 'index.js': '', ...lock }
    return { result: await harness.build(NODE('pnpm --version'), files), log: harness.lines.join('\n') }
  }

  test('with the hash of another package fails', async () => {
    const { result } = await build(`pnpm@8.15.9+sha256.${'0'.repeat(64)}`)
    expect(result).toMatchObject({ kind: 'failed', fault: 'user', message: expect.stringContaining('hash') })
  })

  test('is used exactly', async () => {
    expect((await build('pnpm@8.6.0')).log).toContain('[app] 8.6.0')
  })

  test('with an inexact version is ignored, and no part of it reaches a shell', async () => {
    const { log } = await build("pnpm@8.6.0';echo INJECTED;'")
    expect(log).toContain('Using pnpm 8.15.9')
    expect(log).not.toContain('INJECTED')
  })
})

test('an app cannot change the tools that it is given', async () => {
  using harness = openBuildHarness()
  const files = { 'package.json': packageJson({}), 'index.js': '', 'pnpm-lock.yaml': PNPM_LOCKS['6.0'] }
  const change =
    'd=$(dirname "$(dirname "$(readlink -f "$(command -v pnpm)")")"); echo "$d"; echo x >>"$d/bin/pnpm.cjs" || echo REFUSED'
  const result = await harness.build(NODE(`'${change}'`), files)
  expect([result.kind, harness.lines.join('\n')]).toEqual(['built', expect.stringContaining('REFUSED')])
})

test('commands of a custom engine find what they call', async () => {
  using harness = openBuildHarness()
  const spacefile = spacefileOf(
    'engine: custom\nrun: deno run main.ts\ncommands:\n  - yarn --version\n  - deno --version',
  )
  const result = await harness.build(spacefile, { 'main.ts': '' })
  expect([result.kind, harness.lines.join('\n')]).toEqual(['built', expect.stringContaining('[app] 1.22.22')])
  if (result.kind === 'built')
    expect(result.micros[0]).toMatchObject({ tools: [expect.stringMatching(/^deno-2\./)] })
})

test('an old webpack builds under a current Node, and the log says how', async () => {
  using harness = openBuildHarness()
  const spacefile = spacefileOf('engine: custom\nrun: x\ncommands:\n  - node hash.js')
  const files = {
    'hash.js': "console.log(require('crypto').createHash('md4').update('x').digest('hex'))",
    'package.json': packageJson({}),
    'node_modules/webpack/package.json': '{"name":"webpack","version":"4.46.0"}',
  }
  const result = await harness.build(spacefile, files)
  expect([result.kind, harness.lines.join('\n')]).toEqual([
    'built',
    expect.stringContaining('NODE_OPTIONS=--openssl-legacy-provider: webpack 4.46.0'),
  ])
})
