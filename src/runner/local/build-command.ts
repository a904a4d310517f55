import { existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { BUILD_LIMITS, MAX_BUILD_LINES } from '../limits.ts'
import { linesOf } from './logs/line-splitter.ts'
import { OutputTail } from './logs/output-tail.ts'
import type { Command } from './process/command.ts'
import { explainCrlf } from './process/crlf-script.ts'
import { buildEnvironment } from './process/environment.ts'
import { type RunnableSandbox, launch } from './process/launch.ts'
import { describeExit, seconds } from './process/messages.ts'
import { type ExitStatus, type RunningProcess, endProcess } from './process/running-process.ts'
import type { Mount } from './sandbox/bwrap-args.ts'
import { APP_DIR } from './sandbox/launch.ts'
import { hostUidOf } from './sandbox/host-user.ts'
import type { BuildCommand, BuildCommandResult, BuildRunnerOptions } from '../types.ts'

export type RunBuildCommand = (command: BuildCommand) => Promise<BuildCommandResult>

type BuildLimits = Required<NonNullable<BuildRunnerOptions['limits']>>

/**
 * How builds run the app's own commands: behind the walls of micros, with a way out to registries, a writable
 * folder and a cache. Never rejects; `failed` says in a sentence what went wrong.
 */
export function createBuildRunner(options: BuildRunnerOptions): RunBuildCommand {
  const { sandbox } = options
  const limits: BuildLimits = { ...BUILD_LIMITS, ...options.limits }
  return async (command) => {
    if (sandbox.kind === 'refused') return failed('system', sandbox.summary)
    try {
      return await run(sandbox, limits, command, options.buildEnvironment ?? {})
    } catch (error) {
      return failed('system', `this server could not run the build: ${(error as Error).message}`)
    }
  }
}

async function run(
  sandbox: RunnableSandbox,
  limits: BuildLimits,
  build: BuildCommand,
  settings: Readonly<Record<string, string>>,
): Promise<BuildCommandResult> {
  mkdirSync(build.cacheDir, { recursive: true })
  if (sandbox.kind === 'walls' && sandbox.host.isRoot) await giveAway(build)
  const process = await launch(sandbox, commandOf(sandbox, limits, build, settings))
  const output = new OutputTail()
  const [outcome] = await Promise.all([
    withDeadline(process, build, limits),
    readOutput(process, build, output),
  ])
  if (outcome === 'timeout') return failed('user', `took longer than ${seconds(build.timeoutMs)}`)
  if (outcome.code === 0) return { kind: 'ok' }
  const hint = explainCrlf(build.dir, build.script)
  const fault = isEndedFromOutside(outcome) ? 'system' : 'user'
  return failed(fault, describeExit(outcome, limits), { exitCode: outcome.code, hint })
}

function commandOf(
  sandbox: RunnableSandbox,
  limits: BuildLimits,
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
    // One host user per cache, since whoever shares a cache can change what the other finds there.
    owner: build.cacheDir,
    inbound: false,
    ownHost: null,
    // A registry or a proxy may be next door.
    reach: 'lan',
    limits,
  }
}

async function withDeadline(process: RunningProcess, build: BuildCommand, limits: BuildLimits) {
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    void endProcess(process, limits.stopGraceMs)
  }, build.timeoutMs)
  try {
    const status = await process.exited
    return isLate ? 'timeout' : status
  } finally {
    clearTimeout(timer)
  }
}

async function readOutput(process: RunningProcess, build: BuildCommand, tail: OutputTail): Promise<void> {
  let lineCount = 0
  const drain = async (stream: 'stdout' | 'stderr') => {
    for await (const lines of linesOf(process[stream]))
      for (const line of lines) {
        lineCount += 1
        if (lineCount <= MAX_BUILD_LINES) build.onLine(line)
        else tail.add([line])
      }
  }
  await Promise.all([drain('stdout'), drain('stderr')])
  if (lineCount <= MAX_BUILD_LINES) return
  // The end of a long output says why it failed.
  build.onLine(`… ${lineCount - MAX_BUILD_LINES} more lines; the last of them:`)
  for (const line of tail.lines) build.onLine(line)
}

/** Files that settings point to, such as a certificate authority's, at the same place inside, unless /usr has them. */
function certificateMounts(settings: Readonly<Record<string, string>>): Mount[] {
  return [...new Set(Object.values(settings))]
    .filter((path) => isFile(path) && !isShown(path))
    .map((path) => ({ source: path, target: path, writable: false }))
}

const isFile = (path: string) => isAbsolute(path) && existsSync(path) && statSync(path).isFile()
const isShown = (path: string) => path.startsWith('/usr/') || path.startsWith('/etc/ssl/certs/')

/** As root: the build's host user owns what it may write. chown does not follow links out of the folder. */
async function giveAway({ dir, cacheDir }: BuildCommand): Promise<void> {
  const uid = hostUidOf(cacheDir)
  const folders = lstatSync(cacheDir).uid === uid ? [dir] : [dir, cacheDir]
  await hostCommand(['chown', '-R', '--no-dereference', `${uid}:${uid}`, '--', ...folders])
}

async function hostCommand(cmd: string[]): Promise<void> {
  const child = Bun.spawn({ cmd, env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'ignore', 'inherit'] })
  if ((await child.exited) !== 0) throw new Error(`${cmd[0]} failed`)
}

/** By the service manager that stops the server, or by an administrator; our own limits are told apart before. */
const isEndedFromOutside = ({ signal, outOfMemory }: ExitStatus) =>
  !outOfMemory && (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP' || signal === 'SIGKILL')

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
