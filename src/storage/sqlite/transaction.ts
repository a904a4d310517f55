import type { Database as BunDatabase } from 'bun:sqlite'
import { CompiledQuery, type DatabaseConnection, SqliteDriver, type SqliteDatabase } from 'kysely'

/**
 * A deferred transaction that reads and then writes fails with SQLITE_BUSY_SNAPSHOT, whatever the busy timeout,
 * when another connection wrote in between; an immediate one waits at its beginning instead.
 */
export class ImmediateDriver extends SqliteDriver {
  readonly #connection: BunDatabase

  constructor(connection: BunDatabase, database: SqliteDatabase) {
    super({ database })
    this.#connection = connection
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** SQLite itself has rolled back after a full disk or a failed read; "cannot rollback" would hide that error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction) await super.rollbackTransaction(connection)
  }
}
