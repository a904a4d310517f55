import type { UpstreamAddress } from '../directory/index.ts'
import type { BuildCommand, BuildCommandResult } from './build-spec.ts'
import type { MicroProcessSpec } from './micro-spec.ts'
import type { ProcessRef } from './process-ref.ts'
import type { HeldTools } from './tool.ts'

/** Runs micros and build commands; `local/` is the only implementation. Disposing stops everything it started. */
export interface Runner extends MicroRunner, BuildRunner, AsyncDisposable {}

/** The processes of micros. */
export interface MicroRunner extends MicroLogs {
  /**
   * Returns the address of a micro. Starts the micro if it is not running; concurrent callers share that start.
   * Never rejects: `failed` carries a sentence for the owner and the end of the log. The next call retries.
   */
  ensureRunning(spec: MicroProcessSpec, options?: StartOptions): Promise<StartResult>
  /** Stops a micro with all its processes: SIGTERM, a grace period, SIGKILL. Does nothing if it does not run. */
  stop(process: ProcessRef): Promise<void>
  /** Like `stop`, but the exit is reported as `idle`: nothing is wrong, and the next request wakes the micro. */
  sleep(process: ProcessRef): Promise<void>
  status(process: ProcessRef): MicroStatus
  /** Marks a micro as used now. While a stream or socket stays open, call it repeatedly. */
  touch(process: ProcessRef): void
  /** Running micros that have not been touched for `idleAfterMs`. */
  listIdle(idleAfterMs: number): ProcessRef[]
  /** Calls `listener` when a micro that was listening has exited. Returns the function that unsubscribes. */
  onExit(listener: (exit: MicroExit) => void): () => void
}

/** Captured output of micros: kept across restarts, bounded per micro. */
export interface MicroLogs {
  /** Entries of an instance, newest first. */
  readLog(instanceId: string, query: LogQuery): Promise<LogEntry[]>
  /** The last lines of a micro, oldest first, for pages that show why the micro failed. */
  logTail(instanceId: string, micro: string): Promise<string>
  /** Writes a line of the platform into a micro's log. Throws when the line cannot be written. */
  writeLog(instanceId: string, micro: string, line: string): void
  /** Deletes the logs of an instance. Stop its micros first. */
  deleteLogs(instanceId: string): void
}

/** Runs the build commands of apps. */
export interface BuildRunner {
  /** Never rejects: `failed` says in a sentence what went wrong. */
  runBuild(command: BuildCommand): Promise<BuildCommandResult>
}

/** Finds the tools of a micro by name, and fetches those that are missing. Rejects with a sentence for the owner. */
export type ProvideTools = (
  names: readonly string[],
  runner: BuildRunner,
  signal: AbortSignal,
) => Promise<HeldTools>

export interface StartOptions {
  /** Shorter than `startTimeoutMs` where a person waits, for example during a push. */
  readonly timeoutMs?: number
}

export type StartResult =
  | { readonly kind: 'ready'; readonly address: UpstreamAddress }
  | {
      readonly kind: 'failed'
      readonly reason: 'crashed' | 'never-listened' | 'refused'
      readonly message: string
      readonly logTail: string
    }

/** `asleep`: not running, nothing is wrong. `crashed`: exited on its own; the next `ensureRunning` retries. */
export type MicroStatus = 'asleep' | 'starting' | 'running' | 'crashed'

export interface MicroExit {
  readonly process: ProcessRef
  readonly reason: 'stopped' | 'idle' | 'crashed'
  /** For the owner: what happened, in a sentence. */
  readonly message: string
}

export interface LogQuery {
  /** Missing: all micros of the instance. */
  readonly micro?: string
  /** Maximum number of entries. */
  readonly limit: number
}

export interface LogEntry {
  readonly micro: string
  readonly stream: LogStream
  readonly timestampMs: number
  readonly text: string
}

/** `runtime`: written by the platform: starts, exits and their reasons. */
export type LogStream = 'stdout' | 'stderr' | 'runtime'
