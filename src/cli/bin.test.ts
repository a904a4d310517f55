import { describe, expect, test } from 'bun:test'
import { readFileSync, symlinkSync } from 'node:fs'
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
