import { type AppsTables, type OperationRef, SERVER_STOPPED, failOperation } from '../projects/index.ts'
import type { Database } from '../storage/index.ts'
import { DISK_FULL, isDiskFull } from '../disk/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import type { Logger } from '../kernel/log.ts'
import type { LogWriter } from './log-store.ts'

/** A step that ended without its result, with a sentence for the developer. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  constructor(
    /** `user`: the app; `system`: this machine. */
    readonly fault: 'user' | 'system',
    message: string,
    /** Shown below the message. */
    readonly details: readonly string[] = [],
  ) {
    super(message)
  }
}

export interface StepDeps {
  readonly db: Database<AppsTables>
  readonly log: Logger
  /** A step that fails while the server stops is not the fault of the app. */
  readonly isStopping: () => boolean
}

export interface Step {
  readonly operation: OperationRef
  readonly writer: LogWriter
}

/**
 * Runs one step of a push; null when it failed. Its row has the outcome before its log ends, because clients read the
 * status as soon as the log ends (COMPAT 3.5).
 */
export async function runStep<Result>(
  deps: StepDeps,
  step: Step,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const { writer } = step
  try {
    return await work()
  } catch (error) {
    await recordFailure(deps, step, error)
    return null
  } finally {
    writer.end()
  }
}

async function recordFailure(
  { db, log, isStopping }: StepDeps,
  { operation, writer }: Step,
  error: unknown,
): Promise<void> {
  const failure = isStopping() ? STOPPED : describe(error)
  if (failure.status === 'internal-error') log.error('push failed', { ...operation }, error)
  for (const detail of failure.details) writer.line(detail)
  writer.line(failure.message)
  await failOperation(db, operation, failure.status, failure.message)
}

interface Description {
  readonly status: 'failed' | 'internal-error'
  readonly message: string
  readonly details: readonly string[]
}

const STOPPED: Description = { status: 'internal-error', message: SERVER_STOPPED, details: [] }

function describe(error: unknown): Description {
  if (error instanceof StepFailure)
    return {
      status: error.fault === 'user' ? 'failed' : 'internal-error',
      message: error.message,
      details: error.details,
    }
  if (error instanceof HttpError && error.status < 500)
    return { status: 'failed', message: error.message, details: [] }
  if (isDiskFull(error)) return { status: 'internal-error', message: DISK_FULL, details: [] }
  return {
    status: 'internal-error',
    message: 'The server could not finish this push; its log has the cause',
    details: [],
  }
}
