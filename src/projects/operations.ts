import { type Database, transaction } from '../storage/index.ts'
import type { OperationStatus, ProjectsTables } from './schema.ts'

type WorkTable = 'builds' | 'releases' | 'installations'
const WORK_TABLES: readonly WorkTable[] = ['builds', 'releases', 'installations']

/** Ends a piece of work that is still under way; one that has ended stays as it is. */
export async function failOperation(
  db: Database<ProjectsTables>,
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

/** At start: whatever an ended server left under way will never be finished by anybody. */
export function endInterruptedOperations(db: Database<ProjectsTables>): Promise<void> {
  return transaction(db, async (trx) => {
    for (const table of WORK_TABLES)
      await trx
        .updateTable(table)
        .set({ status: 'internal-error', failure: 'The server stopped in the middle; push again' })
        .where('status', 'in', ['pending', 'running'])
        .execute()
  })
}
