import { expect, test } from 'bun:test'
import { until } from '../../../kernel/testing/until.ts'
import { createStopCheck } from './stop-check.ts'

/** Listens, beside a helper, and prints its port and the number of the helper. */
const SERVER = `const { spawn } = require('node:child_process')
const helper = spawn('sleep', ['600'])
const server = require('node:http').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port, helper.pid))`

async function startServer() {
  const shell = Bun.spawn({
    cmd: ['/bin/sh', '-c', `"$1" -e "$2"; true`, 'sh', process.execPath, SERVER],
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const { value } = await shell.stdout.getReader().read()
  const [port = 0, helper = 0] = new TextDecoder().decode(value).split(' ').map(Number)
  const end = async () => {
    process.kill(-shell.pid, 'SIGKILL')
    await shell.exited
  }
  return { shell: shell.pid, port, helper, [Symbol.asyncDispose]: end }
}

test.skipIf(process.platform !== 'linux')('only the process that listens counts', async () => {
  await using server = await startServer()
  const isStopped = createStopCheck(server.shell, server.port)
  expect(await isStopped()).toBe(false)
  process.kill(server.helper, 'SIGSTOP')
  process.kill(server.shell, 'SIGSTOP')
  expect(await isStopped()).toBe(false)
  process.kill(-server.shell, 'SIGSTOP')
  await until('it is stopped', isStopped)
  process.kill(-server.shell, 'SIGCONT')
  await until('it runs again', async () => !(await isStopped()))
})

test.skipIf(process.platform !== 'linux')('what listens on another port does not count', async () => {
  await using server = await startServer()
  const isStopped = createStopCheck(server.shell, server.port === 1 ? 2 : 1)
  process.kill(-server.shell, 'SIGSTOP')
  expect(await isStopped()).toBe(false)
})

test.skipIf(process.platform !== 'linux')(
  'no more descriptors are looked through than may be, however many an app has open',
  async () => {
    await using server = await startServer()
    process.kill(-server.shell, 'SIGSTOP')
    const find = (mostDescriptors: number) => createStopCheck(server.shell, server.port, mostDescriptors)
    await until('it is stopped', find(1_000))
    expect(await find(3)()).toBe(false)
  },
)
