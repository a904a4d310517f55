import { MICRO_LIMITS } from '../limits.ts'
import { type LogQuery, appendLog, deleteLogs, readLog } from './logs/log-files.ts'
import { type MicroParts, type MicroProcess, startMicro } from './micro-process.ts'
import { LaunchRefusal } from './process/launch.ts'
import type {
  LogEntry,
  MicroExit,
  MicroProcessSpec,
  MicroStatus,
  RuntimeLimits,
  StartOptions,
  StartResult,
  LocalRunnerOptions,
} from '../types.ts'

const LOG_TAIL_LINES = 40

/** Starts a supervisor; `await using` ends it with everything it started. */
export const createLocalRunner = (options: LocalRunnerOptions): Supervisor => new Supervisor(options)

/** All micros of this server that run, by the id of their spec. */
export class Supervisor implements AsyncDisposable {
  readonly #options: LocalRunnerOptions
  readonly #limits: RuntimeLimits
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<(exit: MicroExit) => void>()
  #isClosed = false

  constructor(options: LocalRunnerOptions) {
    this.#options = options
    this.#limits = Object.freeze({ ...MICRO_LIMITS, ...options.limits })
    this.#now = options.now ?? Date.now
  }

  /**
   * The address of a micro, which is started first if need be; callers that come meanwhile share that start.
   * Never rejects: `failed` carries a sentence for the owner and the end of the log, and the next call tries again.
   */
  ensureRunning(spec: MicroProcessSpec, options: StartOptions = {}): Promise<StartResult> {
    const existing = this.#entries.get(spec.id)
    if (existing && existing.state !== 'crashed' && existing.state !== 'stopping') {
      existing.lastUsedMs = this.#now()
      return existing.result
    }
    if (this.#isClosed) return Promise.resolve(refused('the server is stopping'))
    return this.#start(spec, options.timeoutMs ?? this.#limits.startTimeoutMs, existing)
  }

  /** Ends a micro and all its processes: SIGTERM, a grace, SIGKILL. Unknown ids are no error. */
  stop(id: string): Promise<void> {
    return this.#end(id, 'stopped')
  }

  /** As `stop`, but listeners learn that nothing is wrong: the next request wakes it. */
  sleep(id: string): Promise<void> {
    return this.#end(id, 'idle')
  }

  /** Ends everything; nothing starts any more. */
  async stopAll(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#entries.keys()].map((id) => this.stop(id)))
  }

  status(id: string): MicroStatus {
    const state = this.#entries.get(id)?.state
    return state === undefined || state === 'stopping' ? 'asleep' : state
  }

  /** Says that a micro is in use; also to be called now and then for streams and sockets that stay open. */
  touch(id: string): void {
    const entry = this.#entries.get(id)
    if (entry) entry.lastUsedMs = this.#now()
  }

  /** Ids of running micros that nothing has touched for so long. */
  listIdle(idleAfterMs: number): string[] {
    const isIdle = (entry: Entry) =>
      entry.state === 'running' && this.#now() - entry.lastUsedMs >= idleAfterMs
    return [...this.#entries].filter(([, entry]) => isIdle(entry)).map(([id]) => id)
  }

  /** Calls `listener` when a micro that had listened no longer does. Returns how to end that. */
  onExit(listener: (exit: MicroExit) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Captured output of an instance, newest first; kept across restarts, bounded per micro. */
  readLog(instanceId: string, query: LogQuery): Promise<LogEntry[]> {
    return readLog(this.#options.logsDir, instanceId, query)
  }

  /** The end of a micro's output as it was written, oldest first, for pages that show why it failed. */
  async logTail(instanceId: string, micro: string): Promise<string> {
    const entries = await this.readLog(instanceId, { micro, limit: LOG_TAIL_LINES })
    return entries
      .toReversed()
      .map(({ text }) => text)
      .join('\n')
  }

  /** Writes a line of the platform's into a micro's log. Throws when the disk does not take it. */
  writeLog(instanceId: string, micro: string, line: string): void {
    const { logsDir } = this.#options
    const entry = { stream: 'runtime' as const, timestampMs: this.#now(), lines: [line] }
    appendLog({ logsDir, instanceId, micro, maxBytes: this.#limits.logBytes }, entry)
  }

  /** Erases what an instance wrote. Stop its micros first. */
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
    const life = { state: 'starting' as const, lastUsedMs: this.#now(), launched, result, cancel }
    const entry: Entry = { ...life, ended: Promise.resolve() }
    entry.ended = this.#follow(spec, entry)
    this.#entries.set(spec.id, entry)
    return entry.result
  }

  async #launch(
    spec: MicroProcessSpec,
    timeoutMs: number,
    cancel: AbortSignal,
  ): Promise<MicroProcess | StartResult> {
    const { sandbox, logsDir, log } = this.#options
    if (sandbox.kind === 'refused') return refused(sandbox.summary)
    const { reach = 'public', hasRoomForLogs = () => true } = this.#options
    const parts: MicroParts = {
      sandbox,
      logsDir,
      log,
      hasRoomForLogs,
      reach,
      limits: this.#limits,
      now: this.#now,
      cancel,
    }
    try {
      return await startMicro(parts, spec, timeoutMs)
    } catch (cause) {
      if (cancel.aborted) return refused('it was stopped while it started')
      if (cause instanceof LaunchRefusal) return refused(cause.message)
      log.error('cannot start a micro', { id: spec.id }, cause)
      return refused(`this server could not set up the sandbox: ${(cause as Error).message}`)
    }
  }

  /** The life of an entry, from its launch to its end. */
  async #follow(spec: MicroProcessSpec, entry: Entry): Promise<void> {
    const micro = await entry.launched
    const result = isProcess(micro) ? await micro.started : micro
    if (!isProcess(micro) || result.kind === 'failed') return this.#settle(spec.id, entry)
    if (entry.state === 'starting') entry.state = 'running'
    const message = await micro.ended
    const reason = entry.state === 'stopping' ? (entry.stopReason ?? 'stopped') : 'crashed'
    this.#settle(spec.id, entry)
    const exit: MicroExit = { id: spec.id, instanceId: spec.instanceId, micro: spec.micro, reason, message }
    for (const listener of this.#listeners) listener(exit)
  }

  /** A stopped one is forgotten, unless its successor has taken its place; a crashed one stays to be shown. */
  #settle(id: string, entry: Entry): void {
    if (entry.state !== 'stopping') entry.state = 'crashed'
    else if (this.#entries.get(id) === entry) this.#entries.delete(id)
  }

  async #end(id: string, reason: 'stopped' | 'idle'): Promise<void> {
    const entry = this.#entries.get(id)
    if (!entry) return
    if (entry.state === 'crashed') return void this.#entries.delete(id)
    entry.state = 'stopping'
    entry.stopReason ??= reason
    entry.cancel.abort()
    const micro = await entry.launched
    if (isProcess(micro)) await micro.stop()
    await entry.ended
  }
}

interface Entry {
  state: 'starting' | 'running' | 'stopping' | 'crashed'
  stopReason?: 'stopped' | 'idle'
  lastUsedMs: number
  /** Ends a start that has not got as far as the app itself. */
  readonly cancel: AbortController
  readonly launched: Promise<MicroProcess | StartResult>
  readonly result: Promise<StartResult>
  /** Nothing of it is left. */
  ended: Promise<void>
}

const isProcess = (value: MicroProcess | StartResult): value is MicroProcess => 'ended' in value

const refused = (message: string): StartResult => ({
  kind: 'failed',
  reason: 'refused',
  message,
  logTail: '',
})
