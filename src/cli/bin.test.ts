import { describe, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAKE_TOKEN, type FakePlatform, startFakePlatform, FAKE_CLI_LOGIN } from './testing/fake-platform.ts'
import { asUserOf } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const ROOT = join(import.meta.dir, '../..')
const COMMAND = join(ROOT, 'bin/space.mjs')

interface StartOptions {
  readonly cwd: string
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

function start(argv: readonly string[], { cwd, stdin = '', env }: StartOptions) {
  return Bun.spawn(['node', COMMAND, ...argv], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1', ...env },
    stdin: new TextEncoder().encode(stdin),
    stdout: 'pipe',
    stderr: 'pipe',
  })
}

test('the folder, the arguments and the exit code pass through', async () => {
  using folder = createTempFolder({
    Spacefile: 'v: 0\nmicros: [{name: a, src: ., engine: custom, run: ./x}]\n',
  })
  expect(await start(['validate', '--dir', '.'], { cwd: folder.path }).exited).toBe(0)
  expect(await start(['validate', '--dir', 'no where'], { cwd: folder.path }).exited).toBe(1)
  expect(await start(['validate', '--nonsense'], { cwd: folder.path }).exited).toBe(2)
})

test('stdin and stdout pass through', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder()
  const argv = ['login', '--with-token', '--json', '--server', peer.origin]
  const child = start(argv, { cwd: folder.path, stdin: FAKE_TOKEN })
  expect(await new Response(child.stdout).json()).toEqual({ server: peer.origin, name: 'ada' })
})

test('a proxy in the environment is not asked for a server on this machine', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder()
  const proxy = 'http://127.0.0.1:1'
  const env = { ...asUserOf(peer), HTTP_PROXY: proxy, http_proxy: proxy }
  expect(await start(['apps'], { cwd: folder.path, env }).exited).toBe(0)
})

test('it works through a link, as npm makes one', async () => {
  using folder = createTempFolder()
  symlinkSync(COMMAND, join(folder.path, 'space'))
  const child = Bun.spawn(['node', join(folder.path, 'space'), 'version'], { stdout: 'pipe' })
  expect(await new Response(child.stdout).text()).toStartWith('space ')
})

const canReplaceItself = Bun.spawnSync(['node', '-p', 'typeof process.execve']).stdout.includes('function')
if (!canReplaceItself) console.warn('SKIPPED: Node becomes bun, which takes Node 22.15 or newer')

test.skipIf(!canReplaceItself)('a Node that can replace itself does not stay above bun', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder()
  const { child, waits } = startWaiting(peer, folder.path)
  await waits
  expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toMatch(/^[^\0]*bun/)
  child.kill()
  await child.exited
})

/** A package of this command alone, with an installer of the test's. */
const packageWith = (ensure: string) =>
  createTempFolder({ 'bin/space.mjs': readFileSync(COMMAND), 'scripts/ensure.mjs': ensure })
const runIn = ({ path }: { path: string }) =>
  Bun.spawn(['node', join(path, 'bin/space.mjs'), 'version'], { stdout: 'pipe', stderr: 'pipe' })

describe('in a package that is not installed', () => {
  test('the installer runs first, and says what it does on stderr', async () => {
    using folder = packageWith(`
      import { symlinkSync } from 'node:fs'
      console.log('installing')
      for (const name of ['node_modules', 'src', 'package.json', 'bunfig.toml'])
        symlinkSync(${JSON.stringify(ROOT)} + '/' + name, new URL('../' + name, import.meta.url))`)
    const child = runIn(folder)
    expect(await new Response(child.stdout).text()).toStartWith('space ')
    expect(await new Response(child.stderr).text()).toBe('installing\n')
    expect(await child.exited).toBe(0)
  })

  test('an installer that fails ends the command with its exit code', async () => {
    using folder = packageWith('process.exit(3)')
    expect(await runIn(folder).exited).toBe(3)
  })
})

describe('the command for sh', () => {
  /** Installed as by npm; with the mark, its bun has run once. */
  function installed({ hasMark }: { hasMark: boolean }) {
    const folder = createTempFolder({ 'bin/space.mjs': readFileSync(COMMAND) })
    const at = (path: string) => join(folder.path, path)
    copyFileSync(join(ROOT, 'bin/space'), at('bin/space'))
    mkdirSync(at('node_modules'))
    for (const name of ['src', 'package.json', 'node_modules/bun', 'node_modules/commander'])
      symlinkSync(join(ROOT, name), at(name))
    if (hasMark) writeFileSync(at('node_modules/.ownspace-bun'), '')
    // As in node_modules/.bin.
    symlinkSync('bin/space', at('link'))
    // So that a test sees whether Node was started.
    mkdirSync(at('path'))
    writeFileSync(at('path/node'), '#!/bin/sh\necho node "$@"\n', { mode: 0o755 })
    return folder
  }

  const run = async (folder: { path: string }, argv: readonly string[]) => {
    const env = { PATH: `${join(folder.path, 'path')}:/usr/bin:/bin`, HOME: folder.path, NO_COLOR: '1' }
    const child = Bun.spawn([join(folder.path, 'link'), ...argv], { cwd: folder.path, env, stderr: 'ignore' })
    return { stdout: await new Response(child.stdout).text(), exitCode: await child.exited }
  }

  test('needs no Node where bun has run, also through a link', async () => {
    using folder = installed({ hasMark: true })
    expect((await run(folder, ['version'])).stdout).toStartWith('space ')
    expect((await run(folder, ['validate', '--dir', 'no where'])).exitCode).toBe(1)
    expect((await run(folder, ['validate', '--nonsense'])).exitCode).toBe(2)
  })

  test('leaves the work to Node where bun has not been tried', async () => {
    using folder = installed({ hasMark: false })
    const { stdout } = await run(folder, ['push', '--dir', 'a b'])
    expect(stdout).toMatch(/^node \S*bin\/space\.mjs push --dir a b\n$/)
  })
})

/** The command while it waits for a person to approve its log-in. */
function startWaiting(peer: FakePlatform, cwd: string) {
  const waits = Promise.withResolvers<void>()
  peer.on('POST /v0/cli-logins', () => ({
    status: 201,
    json: FAKE_CLI_LOGIN,
  }))
  peer.on('POST /v0/cli-logins/cli_1/poll', () => {
    waits.resolve()
    return { json: { status: 'pending' } }
  })
  return { child: start(['login', '--server', peer.origin], { cwd }), waits: waits.promise }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the command, and is how it ends for its parent',
  async (signal) => {
    await using peer = await startFakePlatform()
    using folder = createTempFolder()
    const { child, waits } = startWaiting(peer, folder.path)
    await waits
    child.kill(signal)
    await child.exited
    expect(child.signalCode).toBe(signal)
  },
)
