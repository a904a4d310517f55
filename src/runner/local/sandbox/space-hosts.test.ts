import { describe, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createBuildRunner } from '../build-command.ts'
import { inside } from '../../testing/inside.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'
import { SPACE_HOSTS } from './space-hosts.ts'

const sandbox = (await sandboxOrSkip())!

/** Prints each name that does not resolve to loopback, and each connection that is not refused. */
const CALL = `const { lookup } = require('dns').promises
const { connect } = require('net')
const refusal = (host, port, family) => new Promise((resolve) => {
  connect({ host, port, family }, () => resolve('connected')).on('error', ({ code, errors }) => resolve(errors?.[0].code ?? code))
})
async function main() {
  for (const name of process.argv.slice(2)) {
    for (const family of [0, 4, 6]) {
      const found = await lookup(name, { family, all: true })
      const other = found.filter(({ address }) => address !== '127.0.0.2' && address !== '::ffff:127.0.0.2')
      if (found.length === 0 || other.length > 0) console.log(name, family, other)
      const code = await refusal(name, 443, family)
      if (code !== 'ECONNREFUSED') console.log(name, family, code)
    }
  }
  console.log('done')
}
main()`

const PROXY = 'http://127.0.0.1:3128'
const FETCH_BESIDE_PROXY = `require('net').createServer((socket) => {
  console.log('PROXIED')
  socket.destroy()
}).listen(3128, async () => {
  for (const url of ['https://registry.example', 'https://database.deta.sh'])
    await fetch(url).catch(() => console.log(url))
  process.exit()
})`

describe.skipIf(!sandbox)('names of Deta Space', () => {
  test('resolve to the micro itself, where its key is not received, even if the hairpin relay is at port 443', async () => {
    using harness = openSandboxHarness()
    let calls = 0
    const frontDoor = createServer(() => void (calls += 1))
    await new Promise<void>((resolve) => frontDoor.listen(0, '127.0.0.1', resolve))
    using _ = { [Symbol.dispose]: () => void frontDoor.close() }
    const { stdout, stderr } = await inside(sandbox, {
      dir: harness.folder('app', { 'call.js': CALL }),
      ownHost: {
        name: 'notes.cloud.test',
        port: 443,
        hostPort: (frontDoor.address() as AddressInfo).port,
      },
      script: `bun call.js ${SPACE_HOSTS.join(' ')} database.deta.sh. drive.deta.sh.; getent ahosts database.deta.sh | cut -d' ' -f1 | uniq`,
    })
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual(['done', '127.0.0.2'])
    expect(calls).toBe(0)
  })

  test('resolve to the build itself, also with a proxy', async () => {
    using harness = openSandboxHarness()
    const lines: string[] = []
    const run = createBuildRunner({
      sandbox: sandbox,
      buildEnvironment: { HTTPS_PROXY: PROXY, https_proxy: PROXY, NO_PROXY: 'registry.lan' },
    })
    await run({
      script: `bun call.js ${SPACE_HOSTS.join(' ')}; bun fetch.js; echo $NO_PROXY`,
      dir: harness.folder('work', { 'call.js': CALL, 'fetch.js': FETCH_BESIDE_PROXY }),
      cacheDir: join(harness.dir, 'cache'),
      env: {},
      timeoutMs: 20_000,
      onLine: (line) => void lines.push(line),
    })
    expect(lines).toEqual([
      'done',
      'PROXIED',
      'https://registry.example',
      'https://database.deta.sh',
      'registry.lan,deta.sh,.deta.sh,deta.space,.deta.space',
    ])
  })
})
