import { describe, expect, test } from 'bun:test'
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { silentLogger } from '../../../kernel/log.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'
import { createLocalRunner } from '../local-runner.ts'
import { findToolchain } from './toolchain.ts'

const sandbox = (await sandboxOrSkip())!
const PRINTS = (text: string) => `#!/bin/sh\necho ${text}\n`

/** A home folder as the installers of rustup, Go and uv leave it, with what must stay private. */
function homeWith(harness: ReturnType<typeof openSandboxHarness>): string {
  const home = harness.folder('home', {
    '.rustup/settings.toml': 'version = "12"\ndefault_toolchain = "stable-x"\n',
    '.rustup/toolchains/stable-x/bin/cargo': PRINTS('cargo runs'),
    '.rustup/toolchains/nightly-x/bin/cargo': PRINTS('wrong toolchain'),
    '.cargo/credentials.toml': 'TREASURE',
    '.cargo/config.toml': 'TREASURE',
    '.cargo/bin/cargo': PRINTS('proxy of rustup'),
    'go/pkg/mod/private/source.go': 'TREASURE',
    'go/bin/go': PRINTS('a program of the workspace'),
    '.local/bin/uv': PRINTS('uv runs'),
    '.local/share/secret': 'TREASURE',
    '.deno/bin/other': 'TREASURE',
  })
  const programs = ['.rustup/toolchains/stable-x/bin/cargo', '.local/bin/uv', '.cargo/bin/cargo', 'go/bin/go']
  for (const program of programs) chmodSync(join(home, program), 0o755)
  symlinkSync(join(home, '.deno/bin/other'), join(home, '.deno/bin/deno'))
  return home
}

const findIn = (home: string) => findToolchain({ nodePath: null, bunPath: process.execPath, home })

test('a home folder without tools adds nothing but what is below /usr', () => {
  using harness = openSandboxHarness()
  expect(findIn(harness.folder('empty')).builds.mounts).toEqual([])
})

describe.skipIf(!sandbox)('in a build', () => {
  const build = async (home: string, dir: string, script: string) => {
    const lines: string[] = []
    await using runner = createLocalRunner({
      sandbox: { ...sandbox, toolchain: findIn(home) },
      logsDir: join(dir, 'logs'),
      log: silentLogger,
    })
    const command = {
      script,
      dir: join(dir, 'app'),
      cacheDir: join(dir, 'cache'),
      env: {},
      timeoutMs: 60_000,
    }
    const result = await runner.runBuild({ ...command, onLine: (line) => void lines.push(line) })
    return { kind: result.kind, lines }
  }

  test('the default toolchain of rustup and single programs are there, and no other file of the home folder', async () => {
    using harness = openSandboxHarness()
    const home = homeWith(harness)
    harness.folder('app')
    const script = `cargo; uv; command -v deno; ls -a /opt/machine; grep -r TREASURE /opt '${home}' 2>/dev/null; true`
    expect(await build(home, harness.dir, script)).toEqual({
      kind: 'ok',
      lines: ['cargo runs', 'uv runs', '.', '..', 'rust', 'uv'],
    })
  })

  test('they cannot be changed', async () => {
    using harness = openSandboxHarness()
    const home = homeWith(harness)
    harness.folder('app')
    const script = 'echo x >>/opt/machine/rust/bin/cargo || echo x >>/opt/machine/uv/bin/uv || echo REFUSED'
    const { lines } = await build(home, harness.dir, script)
    expect(lines.at(-1)).toBe('REFUSED')
  })
})

test.skipIf(!sandbox || Bun.which('go', { PATH: '/usr/local/go/bin:/usr/bin' }) === null)(
  'the Go of this machine starts in a build',
  async () => {
    using harness = openSandboxHarness()
    const lines: string[] = []
    await using runner = createLocalRunner({
      sandbox,
      logsDir: join(harness.dir, 'logs'),
      log: silentLogger,
    })
    const folders = { dir: harness.folder('app'), cacheDir: join(harness.dir, 'cache') }
    const onLine = (line: string) => void lines.push(line)
    await runner.runBuild({ ...folders, script: 'go version', env: {}, timeoutMs: 60_000, onLine })
    expect(lines).toEqual([expect.stringMatching(/^go version go1\./)])
  },
)
