import { describe, expect, test } from 'bun:test'
import { chmodSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { until } from '../../kernel/testing/until.ts'
import type { UpstreamAddress } from '../../directory/index.ts'
import type { MicroExit } from '../port.ts'
import { APPS } from '../testing/apps.ts'
import { fetchAt } from '../testing/fetch-at.ts'
import {
  LIMITS,
  isAnswered,
  processOf,
  requireFailed,
  requireReady,
  sandboxed,
  sandboxes,
  setUp,
  specOf,
} from '../testing/runner-harness.ts'
import { openSandboxHarness } from '../testing/sandbox-harness.ts'
import type { Sandbox } from './sandbox/sandbox.ts'

describe.each(sandboxes)('a micro %s', (_, sandbox) => {
  test('whose script has Windows line ends fails with its name', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const dir = harness.folder('crlf', { 'start.sh': '#!/bin/sh\r\nexec bun app.ts\r\n' })
    chmodSync(join(dir, 'start.sh'), 0o755)
    const failed = await requireFailed(
      runner.ensureRunning(specOf(harness, 'echo', { dir, command: './start.sh' })),
    )
    expect(failed.message).toMatch(/^exited with code 12[67]: start\.sh has Windows line ends \(CRLF\)/)
  })

  test('answers at the address that its start returned', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const address = await requireReady(await runner.ensureRunning(specOf(harness, 'echo')))
    expect((await fetchAt(address)).status).toBe(200)
    expect(runner.status(processOf('echo'))).toBe('running')
  })

  test('is started once for concurrent callers', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const spec = specOf(harness, 'echo')
    const results = await Promise.all([1, 2, 3].map(() => runner.ensureRunning(spec)))
    results.push(await runner.ensureRunning(spec))
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
    await runner.stop(spec.process)
    const starts = (await runner.readLog('inst_1', { limit: 10 })).filter((at) => at.stream === 'runtime')
    expect(starts).toHaveLength(1)
  })

  test('has its own environment, and a PORT that no preset can change', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const spec = specOf(harness, 'echo', { env: { PORT: '1', HOME: '/nowhere', lower_case: 'kept' } })
    const address = await requireReady(await runner.ensureRunning(spec))
    const { env } = (await (await fetchAt(address)).json()) as { env: Record<string, string> }
    expect(env).toMatchObject({ HOME: '/nowhere', lower_case: 'kept', TMPDIR: '/tmp' })
    expect(env.PORT).not.toBe('1')
    expect(
      Object.keys(env).filter(
        (name) =>
          !/^(PORT|DETA_(BASE|DRIVE)_(HOST|ROOT_ENDPOINT)|NODE_ENV|RACK_ENV|HOME|PATH|TMPDIR|LANG|PWD|OLDPWD|SHLVL|_|lower_case|npm_config_update_notifier)$/.test(
            name,
          ),
      ),
    ).toEqual([])
  })

  test.each(['127.0.0.1', '0.0.0.0', '::'])('may listen on %s', async (where) => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const address = await requireReady(
      await runner.ensureRunning(specOf(harness, 'hosted', { env: { WHERE: where } })),
    )
    expect(await (await fetchAt(address)).text()).toBe('hosted')
  })

  test('that crashes at its start is reported with its last lines', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const failed = await requireFailed(runner.ensureRunning(specOf(harness, 'crashing')))
    expect(failed).toMatchObject({ reason: 'crashed', message: 'exited with code 1' })
    expect(failed.logTail).toContain('about to fail')
    expect(failed.logTail).toContain('the database is missing')
    expect(runner.status(processOf('crashing'))).toBe('crashed')
  })

  test('whose command does not exist is reported as such', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const failed = await requireFailed(
      runner.ensureRunning(specOf(harness, 'echo', { command: 'no-such-server' })),
    )
    expect(failed.message).toContain('a command was not found')
    expect(failed.logTail).toContain('no-such-server')
  })

  test('that never listens is ended at its deadline', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const failed = await requireFailed(runner.ensureRunning(specOf(harness, 'silent'), { timeoutMs: 300 }))
    expect(failed).toMatchObject({
      reason: 'never-listened',
      message: 'did not listen on $PORT within 0.3 s',
    })
  })

  test('that crashed is tried again by the next call', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const spec = specOf(harness, 'crashing')
    await requireFailed(runner.ensureRunning(spec))
    harness.folder('crashing', { 'app.ts': APPS.echo })
    await requireReady(await runner.ensureRunning(spec))
  })

  test('that ends by itself is reported', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const exit = Promise.withResolvers<MicroExit>()
    runner.onExit(exit.resolve)
    await fetchAt(await requireReady(await runner.ensureRunning(specOf(harness, 'mortal'))))
    expect(await exit.promise).toEqual({
      process: processOf('mortal'),
      reason: 'crashed',
      message: 'exited with code 7',
    })
  })

  test('gets SIGTERM first, and time to say goodbye, even below a shell', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const spec = specOf(harness, 'polite', { command: 'trap "" TERM; bun app.ts; true' })
    await requireReady(await runner.ensureRunning(spec))
    await runner.stop(spec.process)
    expect((await runner.readLog('inst_1', { limit: 5 })).map(({ text }) => text)).toContain('goodbye')
    expect(runner.status(spec.process)).toBe('asleep')
  })

  test('that ignores SIGTERM is killed after the grace period, with all it started', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox, { limits: { ...LIMITS, stopGraceMs: 50 } })
    const mark = `sleep ${600_000 + Math.floor(Math.random() * 100_000)}`
    const spec = specOf(harness, 'stubborn', { command: `trap "" TERM; ${mark} & bun app.ts; true` })
    const address = await requireReady(await runner.ensureRunning(spec))
    await until('the helper runs', () => countProcesses(mark) > 0)
    await runner.stop(spec.process)
    await expect(fetchAt(address)).rejects.toThrow()
    expect(countProcesses(mark)).toBe(0)
  })

  test('can be stopped while it starts', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox)
    const spec = specOf(harness, 'silent')
    const result = runner.ensureRunning(spec)
    expect(runner.status(spec.process)).toBe('starting')
    await runner.stop(spec.process)
    expect((await result).kind).toBe('failed')
    expect(runner.status(spec.process)).toBe('asleep')
  })

  test('is idle when it is not used, sleeps, and wakes', async () => {
    using harness = openSandboxHarness()
    let nowMs = 1_000_000
    await using runner = setUp(harness, sandbox, { now: () => nowMs })
    const exits: MicroExit[] = []
    runner.onExit((exit) => void exits.push(exit))
    const spec = specOf(harness, 'echo')
    await requireReady(await runner.ensureRunning(spec))
    nowMs += 50_000
    runner.touch(spec.process)
    nowMs += 50_000
    expect(runner.listIdle(60_000)).toEqual([])
    nowMs += 10_000
    expect(runner.listIdle(60_000)).toEqual([spec.process])
    await runner.sleep(spec.process)
    expect(runner.status(spec.process)).toBe('asleep')
    expect(exits.map(({ reason }) => reason)).toEqual(['idle'])
    await requireReady(await runner.ensureRunning(spec))
  })

  test('ends with all it started when the server is killed', async () => {
    using harness = openSandboxHarness()
    const mark = `sleep ${700_000 + Math.floor(Math.random() * 100_000)}`
    const script = join(import.meta.dir, '../testing/killable-server.ts')
    const mode = sandbox.kind === 'unsandboxed' ? 'off' : 'require'
    const server = Bun.spawn({
      cmd: [process.execPath, script, mode, harness.dir, harness.folder('app'), mark],
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: '/usr/bin:/bin' },
    })
    const { value } = await server.stdout.getReader().read()
    const address = JSON.parse(new TextDecoder().decode(value)) as UpstreamAddress
    // pasta writes beside the socket on which socat listens.
    const network = 'socket' in address ? dirname(address.socket) : mark
    const helpers = sandbox.kind === 'sandboxed' ? 2 : 1
    // The app may listen before the program in its background has begun.
    const isRunning = () => countProcesses(mark) === 1 && countProcesses(network) === helpers
    await until('all that it starts runs', isRunning).finally(() => server.kill('SIGKILL'))
    await until('its processes end', () => countProcesses(mark) === 0 && countProcesses(network) === 0)
    await until('its address is closed', async () => !(await isAnswered(address)))
  })

  test('is not started once the server is stopping', async () => {
    using harness = openSandboxHarness()
    const runner = setUp(harness, sandbox)
    await runner.stopAll()
    expect((await requireFailed(runner.ensureRunning(specOf(harness, 'echo')))).reason).toBe('refused')
  })
})

describe.skipIf(!sandboxed)('in a sandbox only', () => {
  test('a micro that listens on ::1 alone fails with the address to listen on', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandboxed!)
    const command = `bun -e 'Bun.serve({ hostname: "::1", port: 8080, fetch: () => new Response() })'`
    const failed = await requireFailed(
      runner.ensureRunning(specOf(harness, 'echo', { command }), { timeoutMs: 1_000 }),
    )
    expect(failed.message).toStartWith('listens on ::1 only (port 8080)')
    expect(failed.message).toEndWith('Listen on 0.0.0.0 or ::')
  })

  test('a micro whose folder is a link, which a build may have left, is refused', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandboxed!)
    const dir = join(harness.dir, 'link')
    symlinkSync(harness.folder('data', { 'app.ts': APPS.echo }), dir)
    const failed = await requireFailed(runner.ensureRunning(specOf(harness, 'echo', { dir })))
    expect(failed).toMatchObject({ reason: 'refused', message: expect.stringContaining('is not a folder') })
  })

  test('the message names the port on which a micro listens, and not that of the hairpin relay', async () => {
    using harness = openSandboxHarness()
    using gateway = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    await using runner = setUp(harness, sandboxed!)
    const failed = await requireFailed(
      runner.ensureRunning(
        specOf(harness, 'elsewhere', {
          ownHost: { name: 'app.space.test', port: 7070, hostPort: gateway.port! },
        }),
        { timeoutMs: 1_000 },
      ),
    )
    expect(failed.reason).toBe('never-listened')
    expect(failed.message).toStartWith('listens on 3000, but did not listen on $PORT (8080) within 1 s')
  })
})

test('without the sandbox it requires, nothing runs', async () => {
  using harness = openSandboxHarness()
  const sandbox: Sandbox = { kind: 'refused', available: false, summary: 'Not installed: passt.' }
  await using runner = setUp(harness, sandbox)
  const failed = await requireFailed(runner.ensureRunning(specOf(harness, 'echo')))
  expect(failed).toMatchObject({ reason: 'refused', message: 'Not installed: passt.' })
})

/** Processes of this machine whose command line has `text`, except shells that only mention it. */
function countProcesses(text: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
      return /pasta|socat|sleep/.test(program!) && [program!, ...args].join(' ').includes(text)
    } catch {
      return false
    }
  }).length
}
