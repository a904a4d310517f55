import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { PEER_TOKEN, startPeer } from '../src/cli/testing/peer.ts'
import { createTempFolder } from '../src/cli/testing/temp-folder.ts'

const COMMAND = join(import.meta.dir, 'space.mjs')

function start(argv: readonly string[], { cwd, stdin = '' }: { cwd: string; stdin?: string }) {
  return Bun.spawn(['node', COMMAND, ...argv], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1' },
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
  await using peer = await startPeer()
  using folder = createTempFolder()
  const argv = ['login', '--with-token', '--json', '--server', peer.origin]
  const child = start(argv, { cwd: folder.path, stdin: PEER_TOKEN })
  expect(await new Response(child.stdout).json()).toEqual({ server: peer.origin, name: 'ada' })
})

test('it works through a link, as npm makes one', async () => {
  using folder = createTempFolder()
  const { symlinkSync } = await import('node:fs')
  symlinkSync(COMMAND, join(folder.path, 'space'))
  const child = Bun.spawn(['node', join(folder.path, 'space'), 'version'], { stdout: 'pipe' })
  expect(await new Response(child.stdout).text()).toStartWith('space ')
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the command, and is how it ends for its parent',
  async (signal) => {
    await using peer = await startPeer()
    const waits = Promise.withResolvers<void>()
    peer.on('POST /v0/cli-logins', () => ({
      status: 201,
      json: { id: 'cli_1', user_code: 'X', url: 'http://x/' },
    }))
    peer.on('POST /v0/cli-logins/cli_1/poll', () => {
      waits.resolve()
      return { json: { status: 'pending' } }
    })
    using folder = createTempFolder()
    const child = start(['login', '--server', peer.origin], { cwd: folder.path })
    await waits.promise
    child.kill(signal)
    await child.exited
    expect(child.signalCode).toBe(signal)
  },
)
