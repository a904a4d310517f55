import { existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { BuildCommand, BuildCommandResult } from '../build-spec.ts'
import type { DataDoor } from '../data-door.ts'
import { BUILD_LIMITS, type BuildRunLimits } from '../limits.ts'
import { readBuildOutput } from './build-output.ts'
import { periodicCheck } from './build-watch.ts'
import type { BuildRunnerOptions } from './options.ts'
import type { Command } from './process/command.ts'
import { explainCrlf } from './process/crlf-script.ts'
import { buildEnvironment } from './process/environment.ts'
import { type RunnableSandbox, LaunchRefusal, launch } from './process/launch.ts'
import { describeExit, seconds } from './process/messages.ts'
import { type ExitStatus, type RunningProcess, endProcess } from './process/running-process.ts'
import { DRAIN_MS, within } from './process/wait.ts'
import type { Mount } from './sandbox/bwrap-args.ts'
import { APP_DIR } from './sandbox/app-dir.ts'
import { hostUidOf } from './sandbox/host-user.ts'
import { buildMounts, toolMounts } from './sandbox/tool-mounts.ts'
import { TRUST_ENVIRONMENT, trustMounts } from './sandbox/trust.ts'

export type RunBuildCommand = (command: BuildCommand) => Promise<BuildCommandResult>

/**
 * Runs the app's own build commands in the same sandbox as micros, with access to package registries, a writable app
 * folder and a cache. The returned function never rejects; `failed` says in a sentence what went wrong.
 */
export function createBuildRunner(options: BuildRunnerOptions): RunBuildCommand {
  const { sandbox, buildEnvironment: settings = {}, dataDoor = null } = options
  const door = sandbox.kind === 'sandboxed' ? dataDoor : null
  const limits: BuildRunLimits = { ...BUILD_LIMITS, ...options.buildLimits }
  return async (command) => {
    if (sandbox.kind === 'refused') return failed('system', sandbox.summary)
    try {
      return await run({ sandbox, limits, settings, door }, command)
    } catch (error) {
      if (error instanceof LaunchRefusal) return failed('system', error.message)
      return failed('system', `this server could not run the build: ${(error as Error).message}`)
    }
  }
}

const SERVER_STOPS = 'the server is stopping'

interface BuildParts {
  readonly sandbox: RunnableSandbox
  readonly limits: BuildRunLimits
  readonly settings: Readonly<Record<string, string>>
  readonly door: DataDoor | null
}

async function run(parts: BuildParts, build: BuildCommand): Promise<BuildCommandResult> {
  const { sandbox, limits } = parts
  mkdirSync(build.cacheDir, { recursive: true })
  if (sandbox.kind === 'sandboxed' && sandbox.host.isRoot) await changeOwner(build)
  if (build.signal?.aborted) return failed('system', SERVER_STOPS)
  const process = await launch(sandbox, commandOf(parts, build))
  const drained = readBuildOutput(process, build.onLine, limits.lines)
  const outcome = await untilEnded(process, build, limits)
  await within(drained, DRAIN_MS, undefined)
  if (outcome === 'timeout') return failed('user', `took longer than ${seconds(build.timeoutMs)}`)
  if (outcome === 'stopped') return failed('user', 'was stopped')
  if (outcome === 'server-stops') return failed('system', SERVER_STOPS)
  if (outcome.code === 0) return { kind: 'ok' }
  const bounds = { ...limits, fileBytes: build.maxFileBytes }
  const hint = explainCrlf(build.dir, build.script)
  const fault = isEndedFromOutside(outcome) ? 'system' : 'user'
  return failed(fault, describeExit(outcome, bounds), { exitCode: outcome.code, hint })
}

function commandOf({ sandbox, limits, settings, door }: BuildParts, build: BuildCommand): Command {
  return {
    script: build.script,
    dir: { source: build.dir, target: APP_DIR, writable: true },
    otherMounts: [
      { source: build.cacheDir, target: build.cacheDir, writable: true },
      ...certificateMounts(settings),
      ...(build.readOnly ?? []).map((path) => ({ source: path, target: path, writable: false })),
      ...toolMounts(build.tools ?? []),
      ...buildMounts(sandbox),
      ...(door ? trustMounts(door.builds) : []),
    ],
    env: buildEnvironment(sandbox, settings, {
      ...build,
      env: { ...(door ? TRUST_ENVIRONMENT : {}), ...build.env },
    }),
    // One host user per cache: builds that share a cache can change each other's files in it anyway.
    owner: build.cacheDir,
    inbound: false,
    ownHost: null,
    ...(door ? { dataSocket: door.socketPath } : {}),
    // A registry or a proxy may be in the local network.
    reach: 'lan',
    limits: { ...limits, fileBytes: build.maxFileBytes },
  }
}

/** Returns the exit status, or why the command was stopped early: its timeout, `stopWhen`, or the server's stop. */
async function untilEnded(process: RunningProcess, build: BuildCommand, limits: BuildRunLimits) {
  type Reason = 'timeout' | 'stopped' | 'server-stops'
  const ended: { early?: Reason } = {}
  const end = (why: Reason, graceMs: number) => {
    ended.early ??= why
    void endProcess(process, graceMs)
  }
  const timer = setTimeout(() => end('timeout', limits.stopGraceMs), build.timeoutMs)
  // No grace period: the build would write more during it.
  using _ = periodicCheck(build.stopWhen, () => end('stopped', 0))
  const onAbort = () => end('server-stops', 0)
  build.signal?.addEventListener('abort', onAbort, { once: true })
  // If the signal was aborted during the launch, its event has already fired.
  if (build.signal?.aborted) onAbort()
  try {
    const status = await process.exited
    return ended.early ?? status
  } finally {
    clearTimeout(timer)
    build.signal?.removeEventListener('abort', onAbort)
  }
}

/** Mounts files that settings name, for example of a certificate authority, at the same path, unless /usr has them. */
function certificateMounts(settings: Readonly<Record<string, string>>): Mount[] {
  return [...new Set(Object.values(settings))]
    .filter((path) => isFile(path) && !isInRootFilesystem(path))
    .map((path) => ({ source: path, target: path, writable: false }))
}

const isFile = (path: string) => isAbsolute(path) && existsSync(path) && statSync(path).isFile()
const isInRootFilesystem = (path: string) => path.startsWith('/usr/') || path.startsWith('/etc/ssl/certs/')

/** As root: makes the build's host user the owner of what the build may write. chown does not follow links out of the folder. */
async function changeOwner({ dir, cacheDir, timeoutMs }: BuildCommand): Promise<void> {
  const uid = hostUidOf(cacheDir)
  const folders = lstatSync(cacheDir).uid === uid ? [dir] : [dir, cacheDir]
  await hostCommand(['chown', '-R', '--no-dereference', `${uid}:${uid}`, '--', ...folders], timeoutMs)
}

async function hostCommand(cmd: string[], timeoutMs: number): Promise<void> {
  const child = Bun.spawn({
    cmd,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  if ((await child.exited) !== 0) throw new Error(`${cmd[0]} failed`)
}

/** Whether the service manager or an administrator ended the command. Exits caused by our own limits do not get here. */
const isEndedFromOutside = ({ signal, outOfMemory, because }: ExitStatus) =>
  Boolean(because) ||
  (!outOfMemory &&
    (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP' || signal === 'SIGKILL'))

const failed = (
  fault: 'user' | 'system',
  message: string,
  { exitCode = null, hint = null }: { exitCode?: number | null; hint?: string | null } = {},
): BuildCommandResult => ({
  kind: 'failed',
  fault,
  exitCode,
  hint,
  message,
})
