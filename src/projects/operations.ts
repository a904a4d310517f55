import { sql } from 'kysely'
import { type Database, transaction } from '../storage/index.ts'
import { notFound } from '../kernel/http-error.ts'
import type { AppId, BuildId, InstallationId, ReleaseId, UserId } from '../kernel/ids.ts'
import type { AppsTables, OperationStatus } from './schema.ts'

/** The three operations of a push. */
export type OperationRef =
  | { readonly table: 'builds'; readonly id: BuildId }
  | { readonly table: 'releases'; readonly id: ReleaseId }
  | { readonly table: 'installations'; readonly id: InstallationId }

/** What a build, a release and an installation have in common. */
export interface Operation<Id> {
  readonly id: Id
  readonly appId: AppId
  readonly status: OperationStatus
  /** One sentence for the developer, when it failed. */
  readonly failure: string | null
  readonly createdAtMs: number
}

interface OperationRow<Id> {
  readonly id: Id
  readonly app_id: AppId
  readonly status: OperationStatus
  readonly failure: string | null
  readonly created_at_ms: number
}

/** The operation in a row of any of the three tables. */
export const operationOf = <Id>(row: OperationRow<Id>): Operation<Id> => ({
  id: row.id,
  appId: row.app_id,
  status: row.status,
  failure: row.failure,
  createdAtMs: row.created_at_ms,
})

/** The columns of an operation that begins. */
export const beginOperation = <Id>(
  id: Id,
  { appId, nowMs }: { readonly appId: AppId; readonly nowMs: number },
  status: 'pending' | 'running',
) => ({ id, app_id: appId, status, failure: null, created_at_ms: nowMs })

/** `where('app_id', 'in', …)`: the operations of one person. */
export const ownAppIds = (db: Database<AppsTables>, ownerId: UserId) =>
  db.selectFrom('apps').select('apps.id').where('apps.owner_id', '=', ownerId)

/** Throws 404 when the query for one operation of a person found no row. */
export function requireRow<Row>(row: Row | undefined, name: 'build' | 'release' | 'installation'): Row {
  if (!row) throw notFound(`There is no such ${name}`)
  return row
}

/** The operation has reached its result. */
export async function completeOperation(
  db: Database<AppsTables>,
  { table, id }: OperationRef,
): Promise<void> {
  await db.updateTable(table).set({ status: 'complete' }).where(idColumn, '=', id).execute()
}

/** Ends an operation that is still under way; one that has ended stays as it is. */
export async function failOperation(
  db: Database<AppsTables>,
  { table, id }: OperationRef,
  status: Extract<OperationStatus, 'failed' | 'internal-error'>,
  failure: string,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ status, failure })
    .where(idColumn, '=', id)
    .where('status', 'in', UNDER_WAY)
    .execute()
}

/** The failure of an operation that a stopping server left unfinished. */
export const SERVER_STOPPED = 'The server stopped before this had finished; run: space push'

/** At start: ends the operations that an earlier server left under way, since nothing continues them. */
export function endInterruptedOperations(db: Database<AppsTables>): Promise<void> {
  return transaction(db, async (trx) => {
    for (const table of ['builds', 'releases', 'installations'] as const)
      await trx
        .updateTable(table)
        .set({ status: 'internal-error', failure: SERVER_STOPPED })
        .where('status', 'in', UNDER_WAY)
        .execute()
  })
}

const UNDER_WAY: readonly OperationStatus[] = ['pending', 'running']

/** Each table has ids of its own type; `OperationRef` ties them together. */
const idColumn = sql.ref<string>('id')
