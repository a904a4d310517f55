import { describe, expect, test } from 'bun:test'
import { chmodSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { UpstreamAddress } from '../../directory/index.ts'
import { canMount, openSmallDisk } from '../../disk/testing/small-disk.ts'
import { silentLogger } from '../../kernel/log.ts'
import { until } from '../../kernel/testing/until.ts'
import { detectSandbox } from './sandbox/detect.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { createLocalRunner } from './local-runner.ts'
import { APPS } from '../testing/apps.ts'
import { type SandboxHarness, openSandboxHarness, wallsOrSkip } from '../testing/sandbox-harness.ts'
import { fetchAt } from '../testing/fetch-at.ts'
import type { MicroExit, MicroProcessSpec, LocalRunnerOptions } from '../types.ts'

const walls = await wallsOrSkip()
const sandboxes: [string, Sandbox][] = [
  ...(walls ? [['behind walls', walls] as [string, Sandbox]] : []),
  ['as a plain process', await detectSandbox('off')],
]

const LIMITS = { memoryBytes: 1 << 30, stopGraceMs: 2_000, startTimeoutMs: 20_000 }

function setUp(bench: SandboxHarness, sandbox: Sandbox, options: Partial<LocalRunnerOptions> = {}) {
  const logsDir = join(bench.dir, 'logs')
  return createLocalRunner({ sandbox, logsDir, log: silentLogger, limits: LIMITS, ...options })
}

function specOf(bench: SandboxHarness, app: keyof typeof APPS, changes: Partial<MicroProcessSpec> = {}) {
  const dir = bench.folder(app, { 'app.ts': APPS[app] })
  const spec = {
    id: `inst_1/${app}@1`,
    instanceId: 'inst_1',
    micro: app,
    dir,
    command: 'bun app.ts',
    ownHost: null,
    env: {},
  }
  return { ...spec, ...changes }
}

async function requireReady(result: Awaited<ReturnType<ReturnType<typeof setUp>['ensureRunning']>>) {
  if (result.kind === 'failed') throw new Error(`${result.reason}: ${result.message}\n${result.logTail}`)
  return result.address
}

async function requireFailed(result: ReturnType<ReturnType<typeof setUp>['ensureRunning']>) {
  const failed = await result
  if (failed.kind === 'ready') throw new Error('it started')
  return failed
}

describe.each(sandboxes)('a micro %s', (_, sandbox) => {
  test('whose script has Windows line ends is told which one', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const dir = bench.folder('crlf', { 'start.sh': '#!/bin/sh\r\nexec bun app.ts\r\n' })
    chmodSync(join(dir, 'start.sh'), 0o755)
    const failed = await requireFailed(
      supervisor.ensureRunning(specOf(bench, 'echo', { dir, command: './start.sh' })),
    )
    expect(failed.message).toMatch(/^exited with code 12[67]: start\.sh has Windows line ends \(CRLF\)/)
  })

  test('answers at the address that its start returned', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const address = await requireReady(await supervisor.ensureRunning(specOf(bench, 'echo')))
    expect((await fetchAt(address)).status).toBe(200)
    expect(supervisor.status('inst_1/echo@1')).toBe('running')
  })

  test('is started once, however many ask for it', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const spec = specOf(bench, 'echo')
    const results = await Promise.all([1, 2, 3].map(() => supervisor.ensureRunning(spec)))
    results.push(await supervisor.ensureRunning(spec))
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
    await supervisor.stop(spec.id)
    const starts = (await supervisor.readLog('inst_1', { limit: 10 })).filter((at) => at.stream === 'runtime')
    expect(starts).toHaveLength(1)
  })

  test('has its own environment, and a PORT that no preset can change', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const spec = specOf(bench, 'echo', { env: { PORT: '1', HOME: '/nowhere', lower_case: 'kept' } })
    const address = await requireReady(await supervisor.ensureRunning(spec))
    const { env } = (await (await fetchAt(address)).json()) as { env: Record<string, string> }
    expect(env).toMatchObject({ HOME: '/nowhere', lower_case: 'kept', TMPDIR: '/tmp' })
    expect(env.PORT).not.toBe('1')
    expect(
      Object.keys(env).filter(
        (name) =>
          !/^(PORT|NODE_ENV|RACK_ENV|HOME|PATH|TMPDIR|LANG|PWD|OLDPWD|SHLVL|_|lower_case|npm_config_update_notifier)$/.test(
            name,
          ),
      ),
    ).toEqual([])
  })

  test.each(['127.0.0.1', '0.0.0.0', '::'])('may listen on %s', async (where) => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const address = await requireReady(
      await supervisor.ensureRunning(specOf(bench, 'hosted', { env: { WHERE: where } })),
    )
    expect(await (await fetchAt(address)).text()).toBe('hosted')
  })

  test('that crashes at its start says how, with its last lines', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const failed = await requireFailed(supervisor.ensureRunning(specOf(bench, 'crashing')))
    expect(failed).toMatchObject({ reason: 'crashed', message: 'exited with code 1' })
    expect(failed.logTail).toContain('about to fail')
    expect(failed.logTail).toContain('the database is missing')
    expect(supervisor.status('inst_1/crashing@1')).toBe('crashed')
  })

  test('whose command does not exist says so', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const failed = await requireFailed(
      supervisor.ensureRunning(specOf(bench, 'echo', { command: 'no-such-server' })),
    )
    expect(failed.message).toContain('a command was not found')
    expect(failed.logTail).toContain('no-such-server')
  })

  test('that never listens is ended at its deadline', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const failed = await requireFailed(supervisor.ensureRunning(specOf(bench, 'silent'), { timeoutMs: 300 }))
    expect(failed).toMatchObject({
      reason: 'never-listened',
      message: 'did not listen on $PORT within 0.3 s',
    })
  })

  test('that crashed is tried again by the next call', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const spec = specOf(bench, 'crashing')
    await requireFailed(supervisor.ensureRunning(spec))
    bench.folder('crashing', { 'app.ts': APPS.echo })
    await requireReady(await supervisor.ensureRunning(spec))
  })

  test('that ends by itself is reported', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const exit = Promise.withResolvers<MicroExit>()
    supervisor.onExit(exit.resolve)
    await fetchAt(await requireReady(await supervisor.ensureRunning(specOf(bench, 'mortal'))))
    expect(await exit.promise).toEqual({
      id: 'inst_1/mortal@1',
      instanceId: 'inst_1',
      micro: 'mortal',
      reason: 'crashed',
      message: 'exited with code 7',
    })
  })

  test('gets SIGTERM first, and time to say goodbye, even below a shell', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const spec = specOf(bench, 'polite', { command: 'trap "" TERM; bun app.ts; true' })
    await requireReady(await supervisor.ensureRunning(spec))
    await supervisor.stop(spec.id)
    expect((await supervisor.readLog('inst_1', { limit: 5 })).map(({ text }) => text)).toContain('goodbye')
    expect(supervisor.status(spec.id)).toBe('asleep')
  })

  test('that ignores SIGTERM is ended all the same, with all it started', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox, { limits: { ...LIMITS, stopGraceMs: 50 } })
    const mark = `sleep ${600_000 + Math.floor(Math.random() * 100_000)}`
    const spec = specOf(bench, 'stubborn', { command: `trap "" TERM; ${mark} & bun app.ts; true` })
    const address = await requireReady(await supervisor.ensureRunning(spec))
    await until('the helper runs', () => countProcesses(mark) > 0)
    await supervisor.stop(spec.id)
    await expect(fetchAt(address)).rejects.toThrow()
    expect(countProcesses(mark)).toBe(0)
  })

  test('can be stopped while it starts', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox)
    const spec = specOf(bench, 'silent')
    const result = supervisor.ensureRunning(spec)
    expect(supervisor.status(spec.id)).toBe('starting')
    await supervisor.stop(spec.id)
    expect((await result).kind).toBe('failed')
    expect(supervisor.status(spec.id)).toBe('asleep')
  })

  test('is idle when nobody uses it, sleeps, and wakes', async () => {
    using bench = openSandboxHarness()
    let nowMs = 1_000_000
    await using supervisor = setUp(bench, sandbox, { now: () => nowMs })
    const exits: MicroExit[] = []
    supervisor.onExit((exit) => void exits.push(exit))
    const spec = specOf(bench, 'echo')
    await requireReady(await supervisor.ensureRunning(spec))
    nowMs += 50_000
    supervisor.touch(spec.id)
    nowMs += 50_000
    expect(supervisor.listIdle(60_000)).toEqual([])
    nowMs += 10_000
    expect(supervisor.listIdle(60_000)).toEqual([spec.id])
    await supervisor.sleep(spec.id)
    expect(supervisor.status(spec.id)).toBe('asleep')
    expect(exits.map(({ reason }) => reason)).toEqual(['idle'])
    await requireReady(await supervisor.ensureRunning(spec))
  })

  test('ends with all it started when the server is killed', async () => {
    using bench = openSandboxHarness()
    const mark = `sleep ${700_000 + Math.floor(Math.random() * 100_000)}`
    const script = join(import.meta.dir, '../testing/killable-server.ts')
    const mode = sandbox.kind === 'plain' ? 'off' : 'require'
    const server = Bun.spawn({
      cmd: [process.execPath, script, mode, bench.dir, bench.folder('app'), mark],
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: '/usr/bin:/bin' },
    })
    const { value } = await server.stdout.getReader().read()
    const address = JSON.parse(new TextDecoder().decode(value)) as UpstreamAddress
    // pasta writes beside the socket on which socat listens.
    const network = 'socket' in address ? dirname(address.socket) : mark
    expect([countProcesses(mark), countProcesses(network)]).toEqual([1, sandbox.kind === 'walls' ? 2 : 1])
    server.kill('SIGKILL')
    await until('its processes end', () => countProcesses(mark) === 0 && countProcesses(network) === 0)
    await until('its address is closed', async () => !(await isAnswered(address)))
  })

  test('is not started any more once the server stops', async () => {
    using bench = openSandboxHarness()
    const supervisor = setUp(bench, sandbox)
    await supervisor.stopAll()
    expect((await requireFailed(supervisor.ensureRunning(specOf(bench, 'echo')))).reason).toBe('refused')
  })

  test('is captured line by line, newest first, by micro', async () => {
    using bench = openSandboxHarness()
    let nowMs = 0
    await using supervisor = setUp(bench, sandbox, { now: () => ++nowMs })
    await requireReady(await supervisor.ensureRunning(specOf(bench, 'echo')))
    const hasBothLines = async () => (await supervisor.readLog('inst_1', { limit: 10 })).length >= 2
    await until('both lines are captured', hasBothLines)
    await supervisor.stopAll()
    const entries = await supervisor.readLog('inst_1', { micro: 'echo', limit: 10 })
    expect(entries[0]).toMatchObject({ stream: 'runtime', text: 'was ended by SIGTERM' })
    expect(
      entries
        .slice(1)
        .map(({ stream, text }) => `${stream} ${text}`)
        .toSorted(),
    ).toEqual(['stderr a warning', 'stdout listening'])
    expect(entries.map((at) => at.timestampMs)).toEqual(
      entries.map((at) => at.timestampMs).toSorted((a, b) => b - a),
    )
    expect(await supervisor.readLog('inst_1', { micro: 'other', limit: 10 })).toEqual([])
    supervisor.deleteLogs('inst_1')
    expect(await supervisor.readLog('inst_1', { limit: 10 })).toEqual([])
  })
})

describe.skipIf(!canMount()).each(sandboxes)('a micro %s on a full disk', (_, sandbox) => {
  test('runs on, whatever it prints', async () => {
    using disk = openSmallDisk(1)!
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox, { logsDir: disk.dir })
    disk.fill()
    const address = await requireReady(await supervisor.ensureRunning(specOf(bench, 'echo')))
    expect(await isAnswered(address)).toBe(true)
    disk.clear()
    await supervisor.stopAll()
    const [last] = await supervisor.readLog('inst_1', { limit: 1 })
    expect(last).toMatchObject({ stream: 'runtime', text: 'was ended by SIGTERM' })
  })

  test('keeps nothing of what it prints where there is no room for logs, but the end for its owner', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, sandbox, { hasRoomForLogs: () => false })
    const spec = specOf(bench, 'echo', { command: 'echo last words; exit 1' })
    expect((await requireFailed(supervisor.ensureRunning(spec))).logTail).toContain('last words')
    expect(await supervisor.readLog('inst_1', { limit: 1 })).toEqual([])
  })
})

describe.skipIf(!walls)('behind walls only', () => {
  test('a micro that listens on ::1 alone is told so, and where to listen', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, walls!)
    const command = `bun -e 'Bun.serve({ hostname: "::1", port: 8080, fetch: () => new Response() })'`
    const failed = await requireFailed(
      supervisor.ensureRunning(specOf(bench, 'echo', { command }), { timeoutMs: 1_000 }),
    )
    expect(failed.message).toStartWith('listens on ::1 only (port 8080)')
    expect(failed.message).toEndWith('Listen on 0.0.0.0 or ::')
  })

  test('a micro whose folder is a link, which a build may have left, is refused', async () => {
    using bench = openSandboxHarness()
    await using supervisor = setUp(bench, walls!)
    const dir = join(bench.dir, 'link')
    symlinkSync(bench.folder('data', { 'app.ts': APPS.echo }), dir)
    const failed = await requireFailed(supervisor.ensureRunning(specOf(bench, 'echo', { dir })))
    expect(failed).toMatchObject({ reason: 'refused', message: expect.stringContaining('is not a folder') })
  })

  test('a micro that listens on another port is told which, and not of the front door', async () => {
    using bench = openSandboxHarness()
    using door = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    await using supervisor = setUp(bench, walls!)
    const failed = await requireFailed(
      supervisor.ensureRunning(
        specOf(bench, 'elsewhere', { ownHost: { name: 'app.space.test', port: 7070, hostPort: door.port! } }),
        { timeoutMs: 1_000 },
      ),
    )
    expect(failed.reason).toBe('never-listened')
    expect(failed.message).toStartWith('listens on 3000, not on $PORT (8080) within 1 s')
  })
})

test('without the sandbox it requires, nothing runs', async () => {
  using bench = openSandboxHarness()
  const sandbox: Sandbox = { kind: 'refused', available: false, summary: 'Not installed: passt.' }
  await using supervisor = setUp(bench, sandbox)
  const failed = await requireFailed(supervisor.ensureRunning(specOf(bench, 'echo')))
  expect(failed).toMatchObject({ reason: 'refused', message: 'Not installed: passt.' })
})

/** Processes of this machine whose command line has `text`, shells that only mention it aside. */
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

const isAnswered = (address: UpstreamAddress) =>
  fetchAt(address).then(
    () => true,
    () => false,
  )
