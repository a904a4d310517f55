import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { openBuildHarness, spacefileOf, type BuildHarness } from '../testing/build-harness.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

const PYTHON = spacefileOf('engine: python3.11\nrun: python main.py')
const NODE = spacefileOf('engine: nodejs16\nrun: node index.js')

/** A wheel whose code must never be installed, as a stranger would publish it. */
function wheel(name: string, version: string, requires = ''): Uint8Array {
  const info = `${name}-${version}.dist-info`
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires}`
  const files = {
    [`${name}/__init__.py`]: 'FOREIGN = 1\n',
    [`${info}/METADATA`]: metadata,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])))
}

/** A stranger's newer version of the name, and a package that needs it, where pip and uv look first. */
const INDEX = [
  { name: 'index/deta-1.3.0-py3-none-any.whl', data: wheel('deta', '1.3.0') },
  { name: 'index/deta-1.2.1-py3-none-any.whl', data: wheel('deta', '1.2.1') },
  {
    name: 'index/needs_deta_for_test-1.0-py3-none-any.whl',
    data: wheel('needs_deta_for_test', '1.0', 'Requires-Dist: deta>=1.0\n'),
  },
]
const packagesOf = (harness: BuildHarness) => readdirSync(join(harness.outDir, 'app/.python_packages'))

describe.skipIf(Bun.which('python3') === null)('deta of the Python index', () => {
  test.each([
    ['pinned', 'deta==1.1.0', '1.1.0'],
    ['not pinned', 'Deta', '1.2.0'],
    ['of a newer version of a stranger', 'deta>=1.2', '1.2.0'],
    ['that another package needs', 'needs-deta-for-test', '1.2.0'],
  ])('%s is answered with ours', async (_name, requirement, version) => {
    using harness = openBuildHarness()
    const result = await harness.build(PYTHON, [
      ...INDEX,
      { name: 'main.py', data: '' },
      { name: 'requirements.txt', data: `--find-links ./index\n${requirement}\n` },
    ])
    expect({ result: result.kind, lines: harness.lines }).toMatchObject({ result: 'built' })
    expect(packagesOf(harness)).toContain(`deta-${version}.dist-info`)
    expect(existsSync(join(harness.outDir, 'app/.python_packages/deta/drive.py'))).toBe(true)
    expect(harness.lines.join('\n')).toContain('deta on the Python index belongs to another project now')
  })

  test('is answered with ours in a command, too', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf(
      'engine: custom\nrun: x\ncommands: ["python3 -m pip install --find-links index --target lib deta"]',
    )
    const result = await harness.build(text, [...INDEX, { name: 'x', data: '' }])
    expect({ result: result.kind, lines: harness.lines }).toMatchObject({ result: 'built' })
    expect(harness.read('app/lib/deta/__init__.py')).toContain('class Deta')
  })

  test('that a command takes from elsewhere in spite of that ends the build', async () => {
    using harness = openBuildHarness()
    const command =
      'python3 -m pip --isolated install --no-index --find-links index --target .venv/site-packages deta'
    const text = spacefileOf(`engine: custom\nrun: x\ncommands: ["${command}"]`)
    const result = await harness.build(text, [...INDEX, { name: 'x', data: '' }])
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('installed `deta` from a public registry'),
    })
    expect(harness.revisions()).toEqual([])
  })
})

describe('packages that are gone from npm', () => {
  const files = {
    'index.js':
      "console.log(Object.keys(require('deta-space-client')), require('deta-space-actions').Inputs('a'))",
    'package.json': '{"dependencies":{"deta-space-client":"^1.0.0","deta-space-actions":"0.1.4"}}',
  }

  test('are answered with ours, and package.json in the revision is the app’s own', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(NODE, files)
    expect({ result: result.kind, lines: harness.lines }).toMatchObject({ result: 'built' })
    expect(harness.read('app/package.json')).toBe(files['package.json'])
    const run = Bun.spawnSync(['node', 'index.js'], { cwd: join(harness.outDir, 'app') })
    expect(run.stdout.toString()).toContain("'fetchFn'")
  })

  test('are answered with ours where the lockfile pins them', async () => {
    using harness = openBuildHarness()
    const gone = { version: '1.0.1', resolved: 'https://registry.invalid/x.tgz', integrity: 'sha512-eA==' }
    const packages = {
      '': { dependencies: { 'deta-space-client': '^1.0.0' } },
      'node_modules/deta-space-client': gone,
    }
    const result = await harness.build(NODE, {
      'index.js': '',
      'package.json': '{"dependencies":{"deta-space-client":"^1.0.0"}}',
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }),
    })
    expect({ result: result.kind, lines: harness.lines }).toMatchObject({ result: 'built' })
    expect(harness.lines.join('\n')).not.toContain('Retrying')
    expect(harness.read('app/node_modules/deta-space-client/index.mjs')).toContain('SpaceClient')
  })

  test('that lie in node_modules in another form end the build', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf(
      "engine: nodejs16\ncommands: ['mkdir -p node_modules/deta-space-client && echo 1 > node_modules/deta-space-client/index.js']",
    )
    expect(await harness.build(text, { 'index.js': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('installed `deta-space-client` from a public registry'),
    })
  })
})
