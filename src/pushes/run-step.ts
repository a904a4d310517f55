import { type AppsTables, SERVER_STOPPED, failOperation } from '../projects/index.ts'
import type { Database } from '../storage/index.ts'
import { DISK_FULL, isDiskFull } from '../disk/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import type { Logger } from '../kernel/log.ts'
import type { LogWriter } from './log-store.ts'

/** A stage that ended without its result, with a sentence for the developer. */
export class StepFailure extends Error {
  override readonly name = 'StageFailure'
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

export interface Stage {
  readonly db: Database<AppsTables>
  readonly log: Logger
  readonly table: 'builds' | 'releases' | 'installations'
  readonly id: string
  readonly writer: LogWriter
  /** What fails while the server stops was stopped with it. */
  readonly isStopping: () => boolean
}

/**
 * Runs one stage of a deployment; null when it failed. However it ends, its row says so before its log does: clients
 * ask for the status as soon as the log is at its end (COMPAT 3.5).
 */
export async function runStep<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result | null> {
  const { writer } = stage
  try {
    return await work()
  } catch (error) {
    await recordFailure(stage, error)
    return null
  } finally {
    writer.end()
  }
}

async function recordFailure(
  { db, log, table, id, writer, isStopping }: Stage,
  error: unknown,
): Promise<void> {
  const failure = isStopping() ? STOPPED : describe(error)
  if (failure.status === 'internal-error') log.error('deployment failed', { table, id }, error)
  for (const detail of failure.details) writer.line(detail)
  writer.line(failure.message)
  await failOperation(db, table, id, failure.status, failure.message)
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
    message: 'The server could not finish this; its log has the cause',
    details: [],
  }
}
