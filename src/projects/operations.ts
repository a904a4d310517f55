import { type Database, transaction } from '../storage/index.ts'
import type { AppsTables, OperationStatus } from './schema.ts'

type WorkTable = 'builds' | 'releases' | 'installations'
const WORK_TABLES: readonly WorkTable[] = ['builds', 'releases', 'installations']

/** Ends a piece of work that is still under way; one that has ended stays as it is. */
export async function failOperation(
  db: Database<AppsTables>,
  table: WorkTable,
  id: string,
  status: Extract<OperationStatus, 'failed' | 'internal-error'>,
  failure: string,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ status, failure })
    .where('id', '=', id as never)
    .where('status', 'in', ['pending', 'running'])
    .execute()
}

/** The failure of an operation that a stopping server left unfinished. */
export const SERVER_STOPPED = 'The server stopped before this had finished; push again'

/** At start: no process will finish what an earlier server left under way. */
export function endInterruptedOperations(db: Database<AppsTables>): Promise<void> {
  return transaction(db, async (trx) => {
    for (const table of WORK_TABLES)
      await trx
        .updateTable(table)
        .set({ status: 'internal-error', failure: SERVER_STOPPED })
        .where('status', 'in', ['pending', 'running'])
        .execute()
  })
}
