import { describe, expect, test } from 'bun:test'
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inside } from '../../testing/inside.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'
import { findToolchain } from './toolchain.ts'

const sandbox = (await sandboxOrSkip())!
const bunPath = process.execPath

test('a node in /usr is used at its path', () => {
  const { mounts, insidePath } = findToolchain({ nodePath: '/usr/bin/env', bunPath })
  expect(mounts.map(({ target }) => target)).toEqual(['/opt/bun/bin/bun'])
  expect(insidePath[0]).toBe('/usr/bin')
})

describe.skipIf(!sandbox)('a node below a home folder', () => {
  test('is mounted with npm, and without the other files of that folder', async () => {
    using harness = openSandboxHarness()
    const home = harness.folder('home/.local', {
      'lib/node_modules/npm/package.json': '{}',
      'lib/node_modules/npm/bin/npm-cli.js': '#!/bin/sh\necho npm runs',
      'include/node/node_version.h': '// headers',
      'share/secret': 'TREASURE',
      'bin/other-tool': '',
    })
    copyFileSync('/bin/echo', join(harness.folder('home/.local/bin'), 'node'))
    for (const file of ['bin/node', 'lib/node_modules/npm/bin/npm-cli.js']) chmodSync(join(home, file), 0o755)
    writeFileSync(join(harness.dir, 'beside'), 'TREASURE')
    const toolchain = findToolchain({ nodePath: join(home, 'bin/node'), bunPath })
    const { stdout } = await inside(
      { ...sandbox, toolchain },
      {
        dir: harness.folder('app'),
        script: 'node it is; npm; ls /opt/node /opt/node/bin; grep -r TREASURE /opt; true',
      },
    )
    // Only builds compile.
    expect(toolchain.headers).toEqual({ inside: '/opt/node', outside: home })
    expect(toolchain.builds.mounts).toContainEqual({
      source: join(home, 'include/node'),
      target: '/opt/node/include/node',
      writable: false,
    })
    expect(stdout.split('\n')).toEqual([
      'it is',
      'npm runs',
      '/opt/node:',
      'bin',
      'lib',
      '',
      '/opt/node/bin:',
      'node',
      'npm',
    ])
  })
})
