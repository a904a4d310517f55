/** `npm start` is npm, the server and its children; every usual signal ends all of it. */
import { expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childrenOf, commandLineOf } from './support/processes.ts'
import { freePort, serverEnvironment } from './support/server.ts'

const ROOT = join(import.meta.dir, '..')

test('SIGTERM to npm alone ends the server', async () => {
  await using running = await startWithNpm()
  running.npm.kill('SIGTERM')
  await running.ended()
})

test('SIGTERM to the server alone ends npm', async () => {
  await using running = await startWithNpm()
  process.kill(running.server, 'SIGTERM')
  await running.ended()
  expect(running.npm.exitCode).toBe(0)
})

test('SIGINT to the process group, as a terminal sends it for Ctrl-C, ends the server', async () => {
  await using running = await startWithNpm()
  process.kill(-running.npm.pid, 'SIGINT')
  await running.ended()
})

test('between npm and the server there is no other process', async () => {
  await using running = await startWithNpm()
  const [server, ...others] = childrenOf(running.npm.pid)
  expect(others).toEqual([])
  expect(commandLineOf(server!)).toContain('src/cli/index.ts\0serve')
  const roles = childrenOf(server!).map((pid) => /--role=(\w+)/.exec(commandLineOf(pid))?.[1])
  expect(new Set(roles)).toEqual(new Set(['platform', 'gateway', 'data']))
})

async function startWithNpm() {
  const [data, port] = [await mkdtemp(join(tmpdir(), 'ownspace-stopping-')), await freePort()]
  const npm = Bun.spawn(['npm', 'start', '--', '--data', data, '--port', String(port)], {
    cwd: ROOT,
    env: serverEnvironment(),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
    // A process group of its own.
    detached: true,
  })
  const runs = Promise.withResolvers<void>()
  const output = (async () => {
    let text = ''
    for await (const chunk of npm.stdout) {
      text += new TextDecoder().decode(chunk)
      if (text.includes('is running')) runs.resolve()
    }
    runs.reject(new Error(`npm start ended:\n${text}`))
  })()
  await runs.promise
  const [server] = childrenOf(npm.pid)
  const isReachable = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
  return {
    npm,
    server: server!,
    async ended() {
      await npm.exited
      // Its output ends when the last process that could write to it has ended.
      await output
      expect(await isReachable()).toBe(false)
    },
    async [Symbol.asyncDispose]() {
      npm.kill('SIGTERM')
      await output
      await rm(data, { recursive: true, force: true })
    },
  }
}
