/** Whoever ends `npm start`, by whatever signal it is usual to send, ends all of it. */
import { expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, serverEnvironment } from './support/server.ts'

const ROOT = join(import.meta.dir, '..')

test('SIGTERM to npm alone ends the server', async () => {
  await using running = await startWithNpm()
  running.npm.kill('SIGTERM')
  await running.npm.exited
  // Its output ends when the last process that could write to it has ended.
  await running.output
  await expect(running.isReachable()).resolves.toBe(false)
})

async function startWithNpm() {
  const [data, port] = [await mkdtemp(join(tmpdir(), 'ownspace-stopping-')), await freePort()]
  const npm = Bun.spawn(['npm', 'start', '--', '--data', data, '--port', String(port)], {
    cwd: ROOT,
    env: serverEnvironment(),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
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
  return {
    npm,
    output,
    isReachable: () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      ),
    [Symbol.asyncDispose]: () => rm(data, { recursive: true, force: true }),
  }
}
