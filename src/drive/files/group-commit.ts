import { sql } from 'kysely'
import { type Database, transaction } from '../../storage/index.ts'
import { Refusal } from '../errors.ts'
import type { DriveTables } from './schema.ts'

/** Runs `work` in a transaction, and resolves after its commit. `work` may run twice: it may only use the database. */
export type Write = <R>(work: (db: Database<DriveTables>) => Promise<R>) => Promise<R>

/** More would keep the first of them waiting. */
const MOST = 64

/**
 * Changes that come together share one commit, and so one sync of the disk; bench/drive.ts has the figures. A change that
 * is refused takes no other with it.
 */
export function createGroupCommit(db: Database<DriveTables>): Write {
  const queue: Task[] = []
  let isRunning = false
  async function run(): Promise<void> {
    isRunning = true
    while (queue.length > 0) {
      // Others whose content reached the disk in the same turn join.
      await new Promise(setImmediate)
      await commit(db, queue.splice(0, MOST))
    }
    isRunning = false
  }
  return <R>(work: (db: Database<DriveTables>) => Promise<R>) =>
    new Promise<R>((resolve, reject) => {
      queue.push({ work, resolve: resolve as (result: unknown) => void, reject })
      if (!isRunning) void run()
    })
}

interface Task {
  readonly work: (db: Database<DriveTables>) => Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Never rejects: each task has its own outcome. */
async function commit(db: Database<DriveTables>, tasks: readonly Task[]): Promise<void> {
  const [only, ...others] = tasks
  if (others.length === 0) return await commitAlone(db, only!)
  const settle = await transaction(db, async (trx) => {
    const outcomes: (() => void)[] = []
    for (const task of tasks) outcomes.push(await inSavepoint(trx, task))
    return () => {
      for (const outcome of outcomes) outcome()
    }
  }).catch(() => null)
  if (settle) return settle()
  // What made the whole fail meets the task that it belongs to.
  for (const task of tasks) await commitAlone(db, task)
}

async function commitAlone(db: Database<DriveTables>, { work, resolve, reject }: Task): Promise<void> {
  await transaction(db, work).then(resolve, reject)
}

async function inSavepoint(db: Database<DriveTables>, { work, resolve, reject }: Task): Promise<() => void> {
  await sql`savepoint task`.execute(db)
  try {
    const result = await work(db)
    await sql`release savepoint task`.execute(db)
    return () => resolve(result)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await sql`rollback to savepoint task`.execute(db)
    await sql`release savepoint task`.execute(db)
    return () => reject(error)
  }
}
