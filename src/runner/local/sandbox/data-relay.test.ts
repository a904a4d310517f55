import { describe, expect, test } from 'bun:test'
import { chmodSync, chownSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { until } from '../../../kernel/testing/until.ts'
import { inside, start } from '../../testing/inside.ts'
import { DATA_DOOR_GROUP } from '../../../kernel/host-ids.ts'
import { type SandboxHarness, openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'

const sandbox = (await sandboxOrSkip())!

/** Answers each connection with what it is sent. */
async function listenAt(harness: SandboxHarness) {
  const path = join(harness.dir, 'inside.sock')
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  rmSync(path, { force: true })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  // Each sandbox may have a user of its own.
  chmodSync(harness.dir, 0o711)
  if (process.getuid?.() === 0) chownSync(path, 0, DATA_DOOR_GROUP)
  chmodSync(path, 0o660)
  return {
    path,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const SAY = `const { connect } = require('net')
const say = (host, port) => new Promise((resolve) => {
  const socket = connect({ host, port }, () => socket.write('hello'))
  socket.on('error', ({ code }) => resolve(code))
  socket.on('data', (bytes) => { socket.destroy(); resolve(String(bytes)) })
})
Promise.all(process.argv.slice(2).map((at) => say(...at.split(' ')))).then((all) => console.log(all.join(' ')))`

describe.skipIf(!sandbox)('an app', () => {
  test('reaches the process that keeps its data by the names of Deta Space, at one address only', async () => {
    using harness = openSandboxHarness()
    await using data = await listenAt(harness)
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app', { 'say.js': SAY }),
      dataSocket: data.path,
      script: `bun say.js 'database.deta.sh 443' '127.0.0.2 443' '::ffff:127.0.0.2 443' '127.0.0.1 443' '::1 443' '127.0.0.2 80'`,
    })
    expect(stdout).toBe('hello hello hello ECONNREFUSED ECONNREFUSED ECONNREFUSED')
    expect(data.connections()).toBe(3)
  })

  test('has no right to the socket itself', async () => {
    using harness = openSandboxHarness()
    await using data = await listenAt(harness)
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app', { 'say.js': SAY }),
      dataSocket: data.path,
      script: `id -G; test -e ${data.path} && echo visible || echo hidden`,
    })
    expect(stdout).not.toContain(String(DATA_DOOR_GROUP))
    expect(stdout).toEndWith('hidden')
  })

  test('waits for the process that keeps its data while it is restarted', async () => {
    using harness = openSandboxHarness()
    const path = await (async () => {
      await using data = await listenAt(harness)
      return data.path
    })()
    await using app = await start(sandbox, {
      dir: harness.folder('app', { 'say.js': SAY }),
      dataSocket: path,
      script: `echo begins; bun say.js '127.0.0.2 443'`,
    })
    const output = { text: '' }
    const read = (async () => {
      for await (const piece of app.stdout) output.text += Buffer.from(piece).toString()
    })()
    await until('the app has begun', () => output.text.includes('begins'))
    await using _ = await listenAt(harness)
    await read
    expect(output.text).toBe('begins\nhello\n')
  })
})
