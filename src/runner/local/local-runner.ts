import type { BuildCommand, BuildCommandResult } from '../build-spec.ts'
import { MICRO_LIMITS, type MicroLimits } from '../limits.ts'
import type { MicroProcessSpec } from '../micro-spec.ts'
import type {
  LogEntry,
  LogQuery,
  MicroExit,
  MicroStatus,
  Runner,
  StartOptions,
  StartResult,
} from '../port.ts'
import { type ProcessRef, processKey } from '../process-ref.ts'
import type { HeldTools } from '../tool.ts'
import { type RunBuildCommand, createBuildRunner } from './build-command.ts'
import { appendLog, deleteLogs, readLog } from './logs/log-files.ts'
import { type MicroProcess, startMicro } from './micro-process.ts'
import type { LocalRunnerOptions } from './options.ts'
import { LaunchRefusal } from './process/launch.ts'

const LOG_TAIL_LINES = 40
const STOPPED = 'the micro was stopped during its start'

export const createLocalRunner = (options: LocalRunnerOptions): LocalRunner => new LocalRunner(options)

/** Runs micros and build commands as processes of this machine. `await using` stops everything it started. */
export class LocalRunner implements Runner {
  readonly #options: LocalRunnerOptions
  readonly #limits: MicroLimits
  readonly #now: () => number
  readonly #runBuild: RunBuildCommand
  /** By `processKey`. */
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<(exit: MicroExit) => void>()
  #isClosed = false

  constructor(options: LocalRunnerOptions) {
    this.#options = options
    this.#limits = Object.freeze({ ...MICRO_LIMITS, ...options.limits })
    this.#now = options.now ?? Date.now
    this.#runBuild = createBuildRunner(options)
  }

  ensureRunning(spec: MicroProcessSpec, options: StartOptions = {}): Promise<StartResult> {
    const existing = this.#entries.get(processKey(spec.process))
    if (existing && existing.state !== 'crashed' && existing.state !== 'stopping') {
      existing.lastUsedMs = this.#now()
      return existing.result
    }
    if (this.#isClosed) return Promise.resolve(refused('the server is stopping'))
    return this.#start(spec, options.timeoutMs ?? this.#limits.startTimeoutMs, existing)
  }

  stop(process: ProcessRef): Promise<void> {
    return this.#end(processKey(process), 'stopped')
  }

  sleep(process: ProcessRef): Promise<void> {
    return this.#end(processKey(process), 'idle')
  }

  /** Stops all micros; later starts are refused. */
  async stopAll(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#entries.keys()].map((key) => this.#end(key, 'stopped')))
  }

  status(process: ProcessRef): MicroStatus {
    const state = this.#entries.get(processKey(process))?.state
    return state === undefined || state === 'stopping' ? 'asleep' : state
  }

  touch(process: ProcessRef): void {
    const entry = this.#entries.get(processKey(process))
    if (entry) entry.lastUsedMs = this.#now()
  }

  listIdle(idleAfterMs: number): ProcessRef[] {
    const isIdle = (entry: Entry) =>
      entry.state === 'running' && this.#now() - entry.lastUsedMs >= idleAfterMs
    return [...this.#entries.values()].filter(isIdle).map(({ process }) => process)
  }

  onExit(listener: (exit: MicroExit) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  runBuild(command: BuildCommand): Promise<BuildCommandResult> {
    return this.#runBuild(command)
  }

  readLog(instanceId: string, query: LogQuery): Promise<LogEntry[]> {
    return readLog(this.#options.logsDir, instanceId, query)
  }

  async logTail(instanceId: string, micro: string): Promise<string> {
    const entries = await this.readLog(instanceId, { micro, limit: LOG_TAIL_LINES })
    return entries
      .toReversed()
      .map(({ text }) => text)
      .join('\n')
  }

  writeLog(instanceId: string, micro: string, line: string): void {
    const { logsDir } = this.#options
    const entry = { stream: 'runtime' as const, timestampMs: this.#now(), lines: [line] }
    appendLog({ logsDir, instanceId, micro, maxBytes: this.#limits.logBytes }, entry)
  }

  deleteLogs(instanceId: string): void {
    deleteLogs(this.#options.logsDir, instanceId)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stopAll()
  }

  #start(spec: MicroProcessSpec, timeoutMs: number, previous: Entry | undefined): Promise<StartResult> {
    const cancel = new AbortController()
    const launched = (previous?.ended ?? Promise.resolve()).then(() =>
      this.#launch(spec, timeoutMs, cancel.signal),
    )
    const result = launched.then((micro) => (isProcess(micro) ? micro.started : micro))
    const { process } = spec
    const life = { process, state: 'starting' as const, lastUsedMs: this.#now(), launched, result, cancel }
    const entry: Entry = { ...life, ended: Promise.resolve() }
    entry.ended = this.#follow(entry)
    this.#entries.set(processKey(process), entry)
    return entry.result
  }

  async #launch(
    spec: MicroProcessSpec,
    timeoutMs: number,
    cancel: AbortSignal,
  ): Promise<MicroProcess | StartResult> {
    const {
      sandbox,
      logsDir,
      log,
      reach = 'public',
      hasRoomForLogs = () => true,
      dataDoor = null,
    } = this.#options
    if (sandbox.kind === 'refused') return refused(sandbox.summary)
    const held = await this.#holdTools(spec, cancel)
    if ('kind' in held) return held
    const parts = {
      sandbox,
      logsDir,
      log,
      hasRoomForLogs,
      reach,
      dataDoor,
      limits: this.#limits,
      now: this.#now,
      cancel,
      tools: held.tools,
    }
    try {
      const micro = await startMicro(parts, spec, timeoutMs)
      void micro.ended.then(() => held[Symbol.dispose]())
      return micro
    } catch (cause) {
      held[Symbol.dispose]()
      if (cancel.aborted) return refused(STOPPED)
      if (cause instanceof LaunchRefusal) return refused(cause.message)
      log.error('cannot start a micro', { process: processKey(spec.process) }, cause)
      return refused(`this server could not set up the sandbox: ${(cause as Error).message}`)
    }
  }

  /** The tools of a micro, or why it cannot have them. */
  async #holdTools({ tools = [] }: MicroProcessSpec, cancel: AbortSignal): Promise<HeldTools | StartResult> {
    const { provideTools } = this.#options
    if (tools.length === 0) return { tools: [], [Symbol.dispose]: () => {} }
    if (!provideTools) return refused(`this server does not provide ${tools.join(', ')}`)
    try {
      return await provideTools(tools, this, cancel)
    } catch (cause) {
      return refused(cancel.aborted ? STOPPED : (cause as Error).message)
    }
  }

  /** Follows an entry from its launch to its exit. */
  async #follow(entry: Entry): Promise<void> {
    const micro = await entry.launched
    const result = isProcess(micro) ? await micro.started : micro
    if (!isProcess(micro) || result.kind === 'failed') return this.#markEnded(entry)
    if (entry.state === 'starting') entry.state = 'running'
    const message = await micro.ended
    const reason = entry.state === 'stopping' ? (entry.stopReason ?? 'stopped') : 'crashed'
    this.#markEnded(entry)
    const exit: MicroExit = { process: entry.process, reason, message }
    for (const listener of this.#listeners) listener(exit)
  }

  /** Removes a stopped entry unless a newer one has replaced it. A crashed entry stays, for `status`. */
  #markEnded(entry: Entry): void {
    const key = processKey(entry.process)
    if (entry.state !== 'stopping') entry.state = 'crashed'
    else if (this.#entries.get(key) === entry) this.#entries.delete(key)
  }

  async #end(key: string, reason: 'stopped' | 'idle'): Promise<void> {
    const entry = this.#entries.get(key)
    if (!entry) return
    if (entry.state === 'crashed') return void this.#entries.delete(key)
    entry.state = 'stopping'
    entry.stopReason ??= reason
    entry.cancel.abort()
    const micro = await entry.launched
    if (isProcess(micro)) await micro.stop()
    await entry.ended
  }
}

interface Entry {
  readonly process: ProcessRef
  state: 'starting' | 'running' | 'stopping' | 'crashed'
  stopReason?: 'stopped' | 'idle'
  lastUsedMs: number
  /** Cancels a start whose sandbox is still being set up. */
  readonly cancel: AbortController
  readonly launched: Promise<MicroProcess | StartResult>
  readonly result: Promise<StartResult>
  /** Resolves once every process of the entry has exited. */
  ended: Promise<void>
}

const isProcess = (value: MicroProcess | StartResult): value is MicroProcess => 'ended' in value

const refused = (message: string): StartResult => ({
  kind: 'failed',
  reason: 'refused',
  message,
  logTail: '',
})
