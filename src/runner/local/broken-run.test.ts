/** A micro that runs and is reached no more: it ends as crashed, with a reason, and the next call starts it. */
import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { detectSandbox } from './sandbox/detect.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { createLocalRunner } from './local-runner.ts'
import { fetchAt } from '../testing/fetch-at.ts'
import { ownChildren } from '../testing/processes.ts'
import { type SandboxHarness, openSandboxHarness, wallsOrSkip } from '../testing/sandbox-harness.ts'
import type { MicroExit } from '../types.ts'

const walls = await wallsOrSkip()
const sandboxes: readonly (readonly [string, Sandbox])[] = [
  ...(walls ? ([['behind walls', walls]] as const) : []),
  ['as a plain process', await detectSandbox('off')],
]

/** Stops itself or its process group, as `WHOM` says, at each request. */
const STOPPING = `Bun.serve({ port: Number(process.env.PORT), async fetch() {
    const whom = process.env.WHOM
    process.kill(whom === 'itself' ? process.pid : 0, 'SIGSTOP')
    return new Response('not stopped')
  } })`

async function startIn(bench: SandboxHarness, sandbox: Sandbox, whom: string) {
  using door = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const limits = { memoryBytes: 1 << 30, stoppedMs: 300 }
  const logsDir = join(bench.dir, 'logs')
  const supervisor = createLocalRunner({ sandbox, logsDir, log: silentLogger, limits })
  const exit = Promise.withResolvers<MicroExit>()
  supervisor.onExit(exit.resolve)
  const spec = {
    id: 'inst_1/web@1',
    instanceId: 'inst_1',
    micro: 'web',
    dir: bench.folder('app', { 'app.ts': STOPPING }),
    command: 'bun app.ts; true',
    ownHost: { name: 'app.space.test', port: 7070, hostPort: door.port! },
    env: { WHOM: whom },
  }
  const start = async () => {
    const result = await supervisor.ensureRunning(spec)
    if (result.kind === 'failed') throw new Error(`${result.message}\n${result.logTail}`)
    return result.address
  }
  const address = await start()
  return {
    supervisor,
    address,
    spec,
    start,
    exit: exit.promise,
    [Symbol.asyncDispose]: () => supervisor.stopAll(),
  }
}

describe.each(sandboxes)('a micro %s', (_, sandbox) => {
  test.each(['itself', 'its process group'])('that stops %s is ended, and starts again', async (whom) => {
    using bench = openSandboxHarness()
    await using micro = await startIn(bench, sandbox, whom)
    const answer = fetchAt(micro.address).then(
      () => 'answered',
      () => 'cut',
    )
    expect(await micro.exit).toMatchObject({ reason: 'crashed', message: expect.stringContaining('SIGSTOP') })
    expect(await answer).toBe('cut')
    expect(micro.supervisor.status(micro.spec.id)).toBe('crashed')
    const [last] = await micro.supervisor.readLog('inst_1', { limit: 1 })
    expect(last).toMatchObject({
      stream: 'runtime',
      text: expect.stringContaining('stopped itself (SIGSTOP)'),
    })
    await micro.start()
  })
})

describe.skipIf(!walls)('behind walls', () => {
  test.each([
    ['pasta', /pasta/],
    ['the relay in', /socat.*micro\.sock/],
    ['the relay out, inside', /socat.*7070/],
    ['the relay out, outside', /socat.*UNIX-LISTEN.*door\.sock/],
  ])('a micro that loses %s has crashed', async (_, commandLine) => {
    using bench = openSandboxHarness()
    await using micro = await startIn(bench, walls!, 'itself')
    const [helper] = ownChildren().filter((child) => commandLine.test(child.commandLine))
    process.kill(helper!.pid, 'SIGKILL')
    expect(await micro.exit).toMatchObject({
      reason: 'crashed',
      message: expect.stringContaining('its network broke off'),
    })
    await micro.start()
  })
})
