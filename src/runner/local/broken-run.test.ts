/** A running micro that cannot be reached any more is ended as crashed, with a reason; the next call starts it again. */
import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { detectSandbox } from './sandbox/detect.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { createLocalRunner } from './local-runner.ts'
import { fetchAt } from '../testing/fetch-at.ts'
import { ownChildren } from '../testing/processes.ts'
import { type SandboxHarness, openSandboxHarness, sandboxOrSkip } from '../testing/sandbox-harness.ts'
import type { MicroExit } from '../port.ts'

const sandboxed = await sandboxOrSkip()
const sandboxes: readonly (readonly [string, Sandbox])[] = [
  ...(sandboxed ? ([['in a sandbox', sandboxed]] as const) : []),
  ['without a sandbox', await detectSandbox('off')],
]

/** Stops itself or its process group, depending on `WHOM`, at each request. */
const STOPPING = `Bun.serve({ port: Number(process.env.PORT), async fetch() {
    const whom = process.env.WHOM
    process.kill(whom === 'itself' ? process.pid : 0, 'SIGSTOP')
    return new Response('not stopped')
  } })`

async function startIn(harness: SandboxHarness, sandbox: Sandbox, whom: string) {
  using gateway = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const trust = { extra: '/etc/hostname', bundle: '/etc/hostname' }
  const dataDoor = { socketPath: join(harness.dir, 'inside.sock'), micros: trust, builds: trust }
  const limits = { memoryBytes: 1 << 30, stoppedMs: 300 }
  const logsDir = join(harness.dir, 'logs')
  const runner = createLocalRunner({ sandbox, logsDir, log: silentLogger, limits, dataDoor })
  const exit = Promise.withResolvers<MicroExit>()
  runner.onExit(exit.resolve)
  const spec = {
    process: { instanceId: 'inst_1', micro: 'web', buildId: 'bld_1', run: 0 },
    dir: harness.folder('app', { 'app.ts': STOPPING }),
    command: 'bun app.ts; true',
    ownHost: { name: 'app.space.test', port: 7070, hostPort: gateway.port! },
    env: { WHOM: whom },
  }
  const start = async () => {
    const result = await runner.ensureRunning(spec)
    if (result.kind === 'failed') throw new Error(`${result.message}\n${result.logTail}`)
    return result.address
  }
  const address = await start()
  return {
    runner,
    address,
    spec,
    start,
    exit: exit.promise,
    [Symbol.asyncDispose]: () => runner.stopAll(),
  }
}

describe.each(sandboxes)('a micro %s', (_, sandbox) => {
  test.each(['itself', 'its process group'])('that stops %s is ended, and starts again', async (whom) => {
    using harness = openSandboxHarness()
    await using micro = await startIn(harness, sandbox, whom)
    const answer = fetchAt(micro.address).then(
      () => 'answered',
      () => 'cut',
    )
    expect(await micro.exit).toMatchObject({ reason: 'crashed', message: expect.stringContaining('SIGSTOP') })
    expect(await answer).toBe('cut')
    expect(micro.runner.status(micro.spec.process)).toBe('crashed')
    const [last] = await micro.runner.readLog('inst_1', { limit: 1 })
    expect(last).toMatchObject({
      stream: 'runtime',
      text: expect.stringContaining('stopped itself (SIGSTOP)'),
    })
    await micro.start()
  })
})

describe.skipIf(!sandboxed)('in a sandbox', () => {
  test.each([
    ['pasta', /pasta/],
    ['the inbound relay', /socat.*micro\.sock/],
    ['the relay to its data', /socat.*inside\.sock/],
    ['the hairpin relay, inside', /socat.*7070/],
    ['the hairpin relay, outside', /socat.*UNIX-LISTEN.*hairpin\.sock/],
  ])('a micro that loses %s has crashed', async (_, commandLine) => {
    using harness = openSandboxHarness()
    await using micro = await startIn(harness, sandboxed!, 'itself')
    const [helper] = ownChildren().filter((child) => commandLine.test(child.commandLine))
    process.kill(helper!.pid, 'SIGKILL')
    expect(await micro.exit).toMatchObject({
      reason: 'crashed',
      message: expect.stringContaining('its network failed'),
    })
    await micro.start()
  })
})
