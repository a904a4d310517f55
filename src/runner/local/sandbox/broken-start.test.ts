/** When the sandbox, or a program that sets it up, dies at any step of a start, the start fails with a reason. */
import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { until } from '../../../kernel/testing/until.ts'
import { silentLogger } from '../../../kernel/log.ts'
import { createBuildRunner } from '../build-command.ts'
import { createLocalRunner } from '../local-runner.ts'
import { APPS } from '../../testing/apps.ts'
import { withFaulty } from '../../testing/faulty-program.ts'
import { allProcesses, ownChildren } from '../../testing/processes.ts'
import { type SandboxHarness, openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'

const sandboxed = (await sandboxOrSkip())!

/** Long enough for a real start on a busy machine where a step is killed; short where a step hangs. */
const PATIENT_MS = 60_000
const HASTY_MS = 1_500

const HANG = 'exec sleep 600'
/** Options of nsenter, and the last argument of pasta, name a process of the sandbox. */
const KILL_TARGET = 'kill -KILL "$(echo "$1 $2" | sed "s/.*--target=\\([0-9]*\\).*/\\1/")"'
const KILL_LAST = 'for pid in "$@"; do :; done; kill -KILL "$pid"'

const HANGING = 'was not ready within 1.5 s'
const DEAD = /exited during its set-up|No such file|exited|Couldn't/

type Fault = readonly [string, Parameters<typeof withFaulty>[2], string, number, string | RegExp]
const NFT_FAULTS: readonly Fault[] = [
  ['nft hangs', 'nft', HANG, HASTY_MS, HANGING],
  ['nft exits at once', 'nft', 'exit 1', PATIENT_MS, 'firewall'],
]
const FAULTS: readonly Fault[] = [
  ['bwrap hangs before it writes anything', 'bwrap', HANG, HASTY_MS, HANGING],
  ['bwrap exits at once', 'bwrap', 'exit 3', PATIENT_MS, /exited/],
  ['bwrap reports an error', 'bwrap', 'echo no luck >&2; exit 3', PATIENT_MS, 'no luck'],
  ['pasta hangs', 'pasta', HANG, HASTY_MS, HANGING],
  ['pasta exits at once', 'pasta', 'exit 0', PATIENT_MS, 'pasta exited'],
  ['the sandbox dies before pasta looks', 'pasta', `${KILL_LAST}; exec $REAL "$@"`, PATIENT_MS, DEAD],
  ['the sandbox dies and pasta hangs', 'pasta', `${KILL_LAST}; ${HANG}`, PATIENT_MS, DEAD],
  ['socat hangs', 'socat', HANG, HASTY_MS, HANGING],
  ['socat exits at once', 'socat', 'exit 1', PATIENT_MS, 'socat exited'],
  ['the sandbox dies before it is entered', 'nsenter', `${KILL_TARGET}; exec $REAL "$@"`, PATIENT_MS, DEAD],
  ['the sandbox dies and nsenter hangs', 'nsenter', `${KILL_TARGET}; ${HANG}`, PATIENT_MS, DEAD],
  ['nsenter hangs', 'nsenter', HANG, HASTY_MS, HANGING],
  ...(sandboxed?.host.nft ? NFT_FAULTS : []),
]

describe.skipIf(!sandboxed)('a micro is reported as crashed, with a reason, and leaves no process', () => {
  test.each(FAULTS)('where %s', async (_, program, script, setUpMs, message) => {
    using harness = openSandboxHarness()
    using gateway = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const sandbox = withFaulty(sandboxed, harness, program, script)
    const logsDir = join(harness.dir, 'logs')
    await using runner = createLocalRunner({ sandbox, logsDir, log: silentLogger, limits: { setUpMs } })
    const spec = specIn(harness, gateway.port!)
    const result = await runner.ensureRunning(spec)
    if (result.kind === 'ready') throw new Error('it started')
    expect(result.reason).toBe('refused')
    expect(result.message).toMatch(message)
    expect(runner.status(spec.process)).toBe('crashed')
    // Children of a killed program may exit a moment later.
    const isGone = () => !allProcesses().some(({ commandLine }) => commandLine.includes(harness.dir))
    await until('every process of the micro has ended', isGone)
    expect(ownChildren().filter(({ commandLine }) => /bwrap|pasta|socat|sleep/.test(commandLine))).toEqual([])
  })
})

test.skipIf(!sandboxed)('a start that hangs is cancelled at once when the micro is stopped', async () => {
  using harness = openSandboxHarness()
  const sandbox = withFaulty(sandboxed, harness, 'pasta', HANG)
  const limits = { setUpMs: 600_000 }
  const logsDir = join(harness.dir, 'logs')
  await using runner = createLocalRunner({ sandbox, logsDir, log: silentLogger, limits })
  const spec = specIn(harness, 1)
  const result = runner.ensureRunning(spec)
  const isHanging = () => ownChildren().some(({ commandLine }) => commandLine.startsWith('sleep'))
  await until('the start hangs', isHanging)
  await runner.stop(spec.process)
  expect(await result).toMatchObject({ kind: 'failed', message: 'the micro was stopped during its start' })
  expect(runner.status(spec.process)).toBe('asleep')
})

describe.skipIf(!sandboxed)('a build fails with a reason', () => {
  test.each(FAULTS.filter(([, program]) => ['bwrap', 'pasta', 'nft'].includes(program)))(
    'where %s',
    async (_, program, script, setUpMs, message) => {
      using harness = openSandboxHarness()
      const run = createBuildRunner({
        sandbox: withFaulty(sandboxed, harness, program, script),
        buildLimits: { setUpMs },
      })
      const result = await run({
        script: 'true',
        dir: harness.folder('app'),
        cacheDir: harness.folder('cache'),
        env: {},
        timeoutMs: PATIENT_MS,
        onLine: () => {},
      })
      expect(result).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) })
    },
  )
})

const specIn = (harness: SandboxHarness, hostPort: number) => ({
  process: { instanceId: 'inst_1', micro: 'web', buildId: 'bld_1', run: 0 },
  dir: harness.folder('app', { 'app.ts': APPS.echo }),
  command: 'bun app.ts',
  ownHost: { name: 'app.space.test', port: 7070, hostPort },
  env: {},
})
