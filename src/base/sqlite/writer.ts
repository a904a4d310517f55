import type { Database } from 'bun:sqlite'
import { isDiskFull } from '../../disk/index.ts'
import { BaseFault } from '../fault.ts'
import { unusable } from './errors.ts'

/** Writes of one transaction: as many as came together, within these. */
const MOST_WRITES = 256
const MOST_MS = 6

export interface WriterOptions {
  readonly database: Database
  /** Brings to the disk what was committed. */
  readonly sync: () => Promise<void>
  /** Before each transaction; what the one before has changed is on the disk. */
  readonly onBegin: () => void
  /** After each transaction that changed something. */
  readonly onCommit: () => void
}

interface Write {
  /** Checks first and throws BaseFault, or changes everything. */
  readonly run: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome =
  { readonly write: Write; readonly value: unknown } | { readonly write: Write; readonly error: unknown }

/**
 * Group commit: writes that come while the disk is busy share the next transaction, and each is answered once it is on the
 * disk. A write that is refused does not undo the others of its transaction.
 *
 * When the disk fails to sync, the kernel may have dropped what it could not write, and would report success the next
 * time. So from then on all writes fail until the process starts again: SQLite then reads the log by its checksums.
 */
export class Writer {
  readonly #options: WriterOptions
  #writes: Write[] = []
  #tasks: (() => Promise<void>)[] = []
  #running: Promise<void> | null = null
  #syncing: Promise<void> | null = null
  #failure: unknown = null

  constructor(options: WriterOptions) {
    this.#options = options
  }

  run<T>(run: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#writes.push({ run, resolve: resolve as (value: unknown) => void, reject })
    this.#running ??= this.#work()
    return promise
  }

  /** Runs `task` while no transaction is open and no other begins. */
  exclusively<T>(task: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#tasks.push(() => task().then(resolve, reject))
    this.#running ??= this.#work()
    return promise
  }

  /** What was read now may not be on the disk yet. When this resolves, it is; null: it is already. */
  settled(): Promise<void> | null {
    return this.#syncing
  }

  /** After a failed sync, closing the database would copy from a log that cannot be trusted. */
  get isBroken(): boolean {
    return this.#failure !== null
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #work(): Promise<void> {
    // What arrived in the same turn of the event loop shares the first transaction.
    await new Promise(setImmediate)
    while (this.#writes.length > 0 || this.#tasks.length > 0) {
      const task = this.#tasks.shift()
      if (task) await task()
      else await this.#commit(this.#writes.splice(0, MOST_WRITES))
    }
    this.#running = null
  }

  async #commit(batch: readonly Write[]): Promise<void> {
    let done: { outcomes: Outcome[]; isChanged: boolean }
    try {
      if (this.#failure !== null) throw diskFailed(this.#failure)
      done = this.#transact(batch)
    } catch (error) {
      // Maybe one large write alone does not fit.
      if (isDiskFull(error) && batch.length > 1) for (const write of batch) await this.#commit([write])
      else for (const { reject } of batch) reject(error)
      return
    }
    this.#writes.unshift(...batch.slice(done.outcomes.length))
    await this.#answer(done.outcomes, done.isChanged)
  }

  async #answer(outcomes: readonly Outcome[], isChanged: boolean): Promise<void> {
    try {
      if (isChanged) await this.#sync()
      else await new Promise(setImmediate)
    } catch (error) {
      for (const { write } of outcomes) write.reject(error)
      return
    }
    for (const outcome of outcomes) settle(outcome)
  }

  #transact(batch: readonly Write[]): { outcomes: Outcome[]; isChanged: boolean } {
    const { database, onBegin } = this.#options
    onBegin()
    const until = performance.now() + MOST_MS
    const outcomes: Outcome[] = []
    const before = totalChanges(database)
    database.run('begin immediate')
    try {
      for (const write of batch) {
        outcomes.push(attempt(write))
        if (performance.now() > until) break
      }
      database.run('commit')
    } catch (error) {
      // SQLite itself has rolled back after some errors.
      if (database.inTransaction) database.run('rollback')
      throw error
    }
    return { outcomes, isChanged: totalChanges(database) !== before }
  }

  async #sync(): Promise<void> {
    const { sync, onCommit } = this.#options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#syncing = promise
    try {
      await sync()
    } catch (error) {
      this.#failure = error
      throw diskFailed(error)
    } finally {
      this.#syncing = null
      resolve()
    }
    onCommit()
  }
}

function attempt(write: Write): Outcome {
  try {
    return { write, value: write.run() }
  } catch (error) {
    if (error instanceof BaseFault) return { write, error }
    throw error
  }
}

function settle(outcome: Outcome): void {
  if ('error' in outcome) outcome.write.reject(outcome.error)
  else outcome.write.resolve(outcome.value)
}

const totalChanges = (database: Database): number =>
  (database.query('select total_changes()').values()[0] as [number])[0]

const diskFailed = (cause: unknown): BaseFault =>
  cause instanceof BaseFault
    ? cause
    : unusable(
        'The disk failed to store this. Check the disk of the server, then start the server again.',
        cause,
      )
