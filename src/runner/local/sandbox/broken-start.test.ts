/** A sandbox that dies, or one of the programs that build it, at each step of a start: the start ends with a reason. */
import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { silentLogger } from '../../../kernel/log.ts'
import { until } from '../../../kernel/testing/until.ts'
import { createBuildRunner } from '../build-command.ts'
import { createLocalRunner } from '../local-runner.ts'
import { APPS } from '../../testing/apps.ts'
import { withFaulty } from '../../testing/faulty-program.ts'
import { allProcesses, ownChildren } from '../../testing/processes.ts'
import { type SandboxHarness, openSandboxHarness, wallsOrSkip } from '../../testing/sandbox-harness.ts'

const walls = (await wallsOrSkip())!

/** Long enough for a real start on a busy machine where a step is killed; short where a step hangs. */
const PATIENT_MS = 60_000
const HASTY_MS = 1_500

const HANG = 'exec sleep 600'
/** Options of nsenter, and the last argument of pasta, name a process of the sandbox. */
const KILL_TARGET = 'kill -KILL "$(echo "$1 $2" | sed "s/.*--target=\\([0-9]*\\).*/\\1/")"'
const KILL_LAST = 'for pid in "$@"; do :; done; kill -KILL "$pid"'

const HANGING = 'was not ready within 1.5 s'
const DEAD = /ended while it was being built|No such file|ended|Couldn't/

type Fault = readonly [string, Parameters<typeof withFaulty>[2], string, number, string | RegExp]
const NFT_FAULTS: readonly Fault[] = [
  ['nft hangs', 'nft', HANG, HASTY_MS, HANGING],
  ['nft ends at once', 'nft', 'exit 1', PATIENT_MS, 'firewall'],
]
const FAULTS: readonly Fault[] = [
  ['bwrap hangs before it says anything', 'bwrap', HANG, HASTY_MS, HANGING],
  ['bwrap ends at once', 'bwrap', 'exit 3', PATIENT_MS, /ended/],
  ['bwrap says what is wrong', 'bwrap', 'echo no luck >&2; exit 3', PATIENT_MS, 'no luck'],
  ['pasta hangs', 'pasta', HANG, HASTY_MS, HANGING],
  ['pasta ends at once', 'pasta', 'exit 0', PATIENT_MS, 'pasta ended'],
  ['the sandbox dies before pasta looks', 'pasta', `${KILL_LAST}; exec $REAL "$@"`, PATIENT_MS, DEAD],
  ['the sandbox dies and pasta hangs', 'pasta', `${KILL_LAST}; ${HANG}`, PATIENT_MS, DEAD],
  ['socat hangs', 'socat', HANG, HASTY_MS, HANGING],
  ['socat ends at once', 'socat', 'exit 1', PATIENT_MS, 'socat ended'],
  ['the sandbox dies before it is entered', 'nsenter', `${KILL_TARGET}; exec $REAL "$@"`, PATIENT_MS, DEAD],
  ['the sandbox dies and nsenter hangs', 'nsenter', `${KILL_TARGET}; ${HANG}`, PATIENT_MS, DEAD],
  ['nsenter hangs', 'nsenter', HANG, HASTY_MS, HANGING],
  ...(walls?.host.nft ? NFT_FAULTS : []),
]

describe.skipIf(!walls)('a micro has crashed, with a reason, and leaves nothing behind', () => {
  test.each(FAULTS)('where %s', async (_, program, script, setUpMs, message) => {
    using bench = openSandboxHarness()
    using door = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const sandbox = withFaulty(walls, bench, program, script)
    const logsDir = join(bench.dir, 'logs')
    await using supervisor = createLocalRunner({ sandbox, logsDir, log: silentLogger, limits: { setUpMs } })
    const spec = specIn(bench, door.port!)
    const result = await supervisor.ensureRunning(spec)
    if (result.kind === 'ready') throw new Error('it started')
    expect(result.reason).toBe('refused')
    expect(result.message).toMatch(message)
    expect(supervisor.status(spec.id)).toBe('crashed')
    // What a killed program had started itself may end a moment later.
    const isGone = () => !allProcesses().some(({ commandLine }) => commandLine.includes(bench.dir))
    await until('every process of the micro has ended', isGone)
    expect(ownChildren().filter(({ commandLine }) => /bwrap|pasta|socat|sleep/.test(commandLine))).toEqual([])
  })
})

test.skipIf(!walls)('a start that hangs is given up at once when the micro is stopped', async () => {
  using bench = openSandboxHarness()
  const sandbox = withFaulty(walls, bench, 'pasta', HANG)
  const limits = { setUpMs: 600_000 }
  const logsDir = join(bench.dir, 'logs')
  await using supervisor = createLocalRunner({ sandbox, logsDir, log: silentLogger, limits })
  const spec = specIn(bench, 1)
  const result = supervisor.ensureRunning(spec)
  const isHanging = () => ownChildren().some(({ commandLine }) => commandLine.startsWith('sleep'))
  await until('the start hangs', isHanging)
  await supervisor.stop(spec.id)
  expect(await result).toMatchObject({ kind: 'failed', message: 'it was stopped while it started' })
  expect(supervisor.status(spec.id)).toBe('asleep')
})

describe.skipIf(!walls)('a build has failed, with a reason', () => {
  test.each(FAULTS.filter(([, program]) => ['bwrap', 'pasta', 'nft'].includes(program)))(
    'where %s',
    async (_, program, script, setUpMs, message) => {
      using bench = openSandboxHarness()
      const run = createBuildRunner({
        sandbox: withFaulty(walls, bench, program, script),
        limits: { setUpMs },
      })
      const result = await run({
        script: 'true',
        dir: bench.folder('app'),
        cacheDir: bench.folder('cache'),
        env: {},
        timeoutMs: PATIENT_MS,
        onLine: () => {},
      })
      expect(result).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) })
    },
  )
})

const specIn = (bench: SandboxHarness, hostPort: number) => ({
  id: 'inst_1/web@1',
  instanceId: 'inst_1',
  micro: 'web',
  dir: bench.folder('app', { 'app.ts': APPS.echo }),
  command: 'bun app.ts',
  ownHost: { name: 'app.space.test', port: 7070, hostPort },
  env: {},
})
