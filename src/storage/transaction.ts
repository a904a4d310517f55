import type { Kysely } from 'kysely'

/** `Tables` maps table names to row types: of one module in its own functions, of all modules where it is opened. */
export type Database<Tables> = Kysely<Tables>

/**
 * Runs `work` in one transaction: all of its writes are kept, or none when it throws. From its beginning to its end
 * nothing else writes, on either database, so what `work` has read stays true. Given a transaction, `work` becomes part
 * of it, so that functions of modules can be put together.
 *
 * Inside, use only the transaction's own handle: a write on the outer one would wait for the transaction that waits for
 * it.
 */
export function transaction<Tables, Result>(
  db: Database<Tables>,
  work: (trx: Database<Tables>) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) return work(db)
  return db.transaction().execute(work)
}
