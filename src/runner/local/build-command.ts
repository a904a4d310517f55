import { existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { BUILD_LIMITS } from '../limits.ts'
import { linesOf } from './logs/line-splitter.ts'
import { OutputTail } from './logs/output-tail.ts'
import type { Command } from './process/command.ts'
import { explainCrlf } from './process/crlf-script.ts'
import { buildEnvironment } from './process/environment.ts'
import { type RunnableSandbox, LaunchRefusal, launch } from './process/launch.ts'
import { describeExit, seconds } from './process/messages.ts'
import { DRAIN_MS, within } from './process/wait.ts'
import { type ExitStatus, type RunningProcess, endProcess } from './process/running-process.ts'
import type { Mount } from './sandbox/bwrap-args.ts'
import { APP_DIR } from './sandbox/launch.ts'
import { hostUidOf } from './sandbox/host-user.ts'
import type { BuildCommand, BuildCommandResult, BuildRunLimits, BuildRunnerOptions } from '../types.ts'

export type RunBuildCommand = (command: BuildCommand) => Promise<BuildCommandResult>

/** Between two looks at what a build has written: at 1 GB/s, what it is beyond its bound at most. */
const WATCH_MS = 1_000

/**
 * How builds run the app's own commands: behind the walls of micros, with a way out to registries, a writable
 * folder and a cache. Never rejects; `failed` says in a sentence what went wrong.
 */
export function createBuildRunner(options: BuildRunnerOptions): RunBuildCommand {
  const { sandbox } = options
  const limits: BuildRunLimits = { ...BUILD_LIMITS, ...options.limits }
  return async (command) => {
    if (sandbox.kind === 'refused') return failed('system', sandbox.summary)
    try {
      return await run(sandbox, limits, command, options.buildEnvironment ?? {})
    } catch (error) {
      if (error instanceof LaunchRefusal) return failed('system', error.message)
      return failed('system', `this server could not run the build: ${(error as Error).message}`)
    }
  }
}

const SERVER_STOPS = 'the server is stopping'

async function run(
  sandbox: RunnableSandbox,
  limits: BuildRunLimits,
  build: BuildCommand,
  settings: Readonly<Record<string, string>>,
): Promise<BuildCommandResult> {
  mkdirSync(build.cacheDir, { recursive: true })
  if (sandbox.kind === 'walls' && sandbox.host.isRoot) await giveAway(build)
  if (build.signal?.aborted) return failed('system', SERVER_STOPS)
  const process = await launch(sandbox, commandOf(sandbox, limits, build, settings))
  const output = new OutputTail()
  const drained = readOutput(process, build, { tail: output, maxLines: limits.lines })
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
    // One host user per cache, since whoever shares a cache can change what the other finds there.
    owner: build.cacheDir,
    inbound: false,
    ownHost: null,
    // A registry or a proxy may be next door.
    reach: 'lan',
    limits: { ...limits, fileBytes: build.maxFileBytes },
  }
}

/** How the command ended: by itself, too late, by `stopWhen`, or with the server. */
async function untilEnded(process: RunningProcess, build: BuildCommand, limits: BuildRunLimits) {
  type Reason = 'timeout' | 'stopped' | 'server-stops'
  const ended: { early?: Reason } = {}
  const end = (why: Reason, graceMs: number) => {
    ended.early ??= why
    void endProcess(process, graceMs)
  }
  const timer = setTimeout(() => end('timeout', limits.stopGraceMs), build.timeoutMs)
  // No grace: in it, the build would write more.
  using _ = watch(build.stopWhen, () => end('stopped', 0))
  const onAbort = () => end('server-stops', 0)
  build.signal?.addEventListener('abort', onAbort, { once: true })
  // Aborted during the launch: the event has passed.
  if (build.signal?.aborted) onAbort()
  try {
    const status = await process.exited
    return ended.early ?? status
  } finally {
    clearTimeout(timer)
    build.signal?.removeEventListener('abort', onAbort)
  }
}

/** Asks until disposed. Between two questions it waits four times as long as the last one took, and a second at least. */
function watch(stopWhen: BuildCommand['stopWhen'], stop: () => void): Disposable {
  let timer: Timer | null = null
  let isOver = false
  const look = async () => {
    const beganMs = performance.now()
    const mustStop = await stopWhen!()
    if (isOver) return
    if (mustStop) return stop()
    wait(4 * (performance.now() - beganMs))
  }
  // A build that cannot be watched must not run.
  const wait = (ms: number) => (timer = setTimeout(() => void look().catch(stop), Math.max(ms, WATCH_MS)))
  if (stopWhen) wait(0)
  return {
    [Symbol.dispose]() {
      isOver = true
      if (timer) clearTimeout(timer)
    },
  }
}

async function readOutput(
  process: RunningProcess,
  build: BuildCommand,
  { tail, maxLines }: { tail: OutputTail; maxLines: number },
): Promise<void> {
  let lineCount = 0
  const drain = async (stream: 'stdout' | 'stderr') => {
    for await (const lines of linesOf(process[stream]))
      for (const line of lines) {
        lineCount += 1
        if (lineCount <= maxLines) build.onLine(line)
        else tail.add([line])
      }
  }
  await Promise.all([drain('stdout'), drain('stderr')])
  if (lineCount <= maxLines) return
  // The end of a long output says why it failed.
  build.onLine(`… ${lineCount - maxLines} more lines; the last of them:`)
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
async function giveAway({ dir, cacheDir, timeoutMs }: BuildCommand): Promise<void> {
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

/** By the service manager that stops the server, or by an administrator; our own limits are told apart before. */
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
