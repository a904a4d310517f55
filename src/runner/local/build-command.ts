import { existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { BuildCommand, BuildCommandResult } from '../build-spec.ts'
import { BUILD_LIMITS, type BuildRunLimits } from '../limits.ts'
import { readBuildOutput } from './build-output.ts'
import { periodicCheck } from './build-watch.ts'
import type { BuildRunnerOptions } from './options.ts'
import type { Command } from './process/command.ts'
import { buildEnvironment } from './process/environment.ts'
import { type RunnableSandbox, LaunchRefusal, launch } from './process/launch.ts'
import { describeExit, seconds } from './process/messages.ts'
import { type RunningProcess, endProcess } from './process/running-process.ts'
import { DRAIN_MS, within } from './process/wait.ts'
import type { Mount } from './sandbox/bwrap-args.ts'
import { APP_DIR } from './sandbox/app-dir.ts'
import { hostUidOf } from './sandbox/host-user.ts'

export type RunBuildCommand = (command: BuildCommand) => Promise<BuildCommandResult>

/**
 * Runs the app's own build commands in the same sandbox as micros, with access to package registries, a writable app
 * folder and a cache. The returned function never rejects; `failed` says in a sentence what went wrong.
 */
export function createBuildRunner(options: BuildRunnerOptions): RunBuildCommand {
  const { sandbox } = options
  const limits: BuildRunLimits = { ...BUILD_LIMITS, ...options.buildLimits }
  return async (command) => {
    if (sandbox.kind === 'refused') return failed(sandbox.summary)
    try {
      return await run(sandbox, limits, command, options.buildEnvironment ?? {})
    } catch (error) {
      if (error instanceof LaunchRefusal) return failed(error.message)
      return failed(`this server could not run the build: ${(error as Error).message}`)
    }
  }
}

async function run(
  sandbox: RunnableSandbox,
  limits: BuildRunLimits,
  build: BuildCommand,
  settings: Readonly<Record<string, string>>,
): Promise<BuildCommandResult> {
  mkdirSync(build.cacheDir, { recursive: true })
  if (sandbox.kind === 'sandboxed' && sandbox.host.isRoot) await changeOwner(build)
  const process = await launch(sandbox, commandOf(sandbox, limits, build, settings))
  const drained = readBuildOutput(process, build.onLine, limits.lines)
  const outcome = await untilEnded(process, build, limits)
  await within(drained, DRAIN_MS, undefined)
  if (outcome === 'timeout') return failed(`took longer than ${seconds(build.timeoutMs)}`)
  if (outcome === 'stopped') return failed('was stopped')
  const bounds = { ...limits, fileBytes: build.maxFileBytes }
  return outcome.code === 0 ? { kind: 'ok' } : failed(describeExit(outcome, bounds), outcome.code)
}

function commandOf(
  sandbox: RunnableSandbox,
  limits: BuildRunLimits,
  build: BuildCommand,
  settings: Readonly<Record<string, string>>,
): Command {
  return {
    script: build.script,
    dir: { source: build.dir, target: APP_DIR, writable: true },
    otherMounts: [
      { source: build.cacheDir, target: build.cacheDir, writable: true },
      ...certificateMounts(settings),
    ],
    env: buildEnvironment(sandbox, build.dir, settings, build.env),
    // One host user per cache: builds that share a cache can change each other's files in it anyway.
    owner: build.cacheDir,
    inbound: false,
    ownHost: null,
    // A registry or a proxy may be in the local network.
    reach: 'lan',
    limits: { ...limits, fileBytes: build.maxFileBytes },
  }
}

/** Returns the exit status, or why the command was stopped early: its timeout, or `stopWhen`. */
async function untilEnded(process: RunningProcess, build: BuildCommand, limits: BuildRunLimits) {
  const ended: { early?: 'timeout' | 'stopped' } = {}
  const end = (why: 'timeout' | 'stopped', graceMs: number) => {
    ended.early ??= why
    void endProcess(process, graceMs)
  }
  const timer = setTimeout(() => end('timeout', limits.stopGraceMs), build.timeoutMs)
  // No grace period: the build would write more during it.
  using _ = periodicCheck(build.stopWhen, () => end('stopped', 0))
  try {
    const status = await process.exited
    return ended.early ?? status
  } finally {
    clearTimeout(timer)
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

const failed = (message: string, exitCode: number | null = null): BuildCommandResult => ({
  kind: 'failed',
  exitCode,
  message,
})
