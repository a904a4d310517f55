import { describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { until } from '../../../kernel/testing/until.ts'
import { fetchAt } from '../../testing/fetch-at.ts'
import { start } from '../../testing/inside.ts'
import { ownChildren, textOf } from '../../testing/processes.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'
import { sourceAddressOf } from './source-address.ts'

const sandbox = (await sandboxOrSkip())!

/** Calls its own name from the given address. */
const CALL = `{ require('node:net').connect({ host: '127.0.0.1', port: 7070, localAddress: process.argv.at(-1) })
  .on('error', (error) => console.log(error.code)); setTimeout(() => {}, 600_000) }`

const CALLS = 50

describe.skipIf(!sandbox)('an app that calls the gateway', () => {
  test.each(['127.0.0.1', '127.131.1.1'])(
    'connects from the address of its instance, even if it binds %s',
    async (bound) => {
      using harness = openSandboxHarness()
      const from = Promise.withResolvers<string>()
      using gateway = Bun.listen({
        port: 0,
        hostname: '127.0.0.1',
        socket: { open: ({ remoteAddress }) => from.resolve(remoteAddress), data() {} },
      })
      await using _app = await start(sandbox, {
        dir: harness.folder('app', { 'call.js': CALL }),
        script: `exec bun -e "$(cat call.js)" ${bound}`,
        owner: 'inst_1',
        ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: gateway.port },
      })
      expect(await from.promise).toBe(sourceAddressOf('inst_1'))
    },
  )

  test.skipIf(!sandbox?.host.cgroups)(
    'leaves no control group, even with many open connections',
    async () => {
      using harness = openSandboxHarness()
      let count = 0
      const opened = Promise.withResolvers<void>()
      using gateway = Bun.listen({
        port: 0,
        hostname: '127.0.0.1',
        socket: { open: () => void (++count === CALLS && opened.resolve()), data() {} },
      })
      {
        await using _app = await start(sandbox, {
          dir: harness.folder('app', { 'calls.js': `for (let i = 0; i < ${CALLS}; i++) ${CALL}` }),
          script: 'exec bun calls.js 127.0.0.1',
          ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: gateway.port },
        })
        await opened.promise
      }
      const { memoryDir, pidsDir, cpuDir } = sandbox.host.cgroups!
      for (const dir of [memoryDir, pidsDir, cpuDir ?? pidsDir])
        expect(readdirSync(dir).filter((name) => name.startsWith(`${process.pid}-`))).toEqual([])
    },
  )

  test.skipIf(!sandbox?.host.cgroups)('has its relays in its own control groups', async () => {
    using harness = openSandboxHarness()
    using gateway = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    await using app = await start(sandbox, {
      dir: harness.folder('app'),
      script: `exec bun -e "Bun.serve({ port: 8080, fetch: () => new Response('x') })"`,
      ownHost: { name: 'notes.cloud.test', port: 7070, hostPort: gateway.port! },
    })
    const isAnswered = async () => (await fetchAt(app.address!).catch(() => null)) !== null
    await until('the app answers', isAnswered)
    const helpers = ownChildren().filter(({ commandLine }) => /^\S*(socat|pasta)\0/.test(commandLine))
    expect(helpers).toHaveLength(4)
    for (const { pid } of helpers)
      for (const controller of ['memory', 'pids'])
        expect(textOf(`/proc/${pid}/cgroup`)).toMatch(
          new RegExp(`^\\d+:(${controller}:|:).*/ownspace/${process.pid}-`, 'm'),
        )
  })
})

test('each instance has its own address, in an otherwise unused part of the loopback', () => {
  const addresses = Array.from({ length: 500 }, (_, at) => sourceAddressOf(`inst_${at}`))
  expect(new Set(addresses).size).toBe(500)
  for (const address of addresses) expect(address).toMatch(/^127\.(12[89]|1[3-8]\d|19[01])\.\d+\.\d+$/)
})
