import type { Database as BunDatabase, SQLQueryBindings, Statement } from 'bun:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  SqliteDriver,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'

/** Kysely's SQLite dialect over bun:sqlite, whose transactions take the write lock at once. */
export class BunSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(database: BunDatabase) {
    const adapted = adaptDatabase(database)
    super({ database: adapted })
    this.#database = adapted
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database })
  }
}

/**
 * A deferred transaction that reads and then writes fails with SQLITE_BUSY_SNAPSHOT, whatever the busy timeout,
 * when somebody wrote in between; an immediate one waits at its beginning instead.
 */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/** The subset of better-sqlite3 that Kysely asks for. `query` (not `prepare`) keeps the compiled statements. */
function adaptDatabase(database: BunDatabase): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => adaptStatement(database.query<unknown, SQLQueryBindings[]>(sql)),
  }
}

function adaptStatement(statement: Statement<unknown, SQLQueryBindings[]>): SqliteStatement {
  return {
    reader: statement.columnNames.length > 0,
    all: (parameters) => statement.all(...bindings(parameters)),
    run: (parameters) => statement.run(...bindings(parameters)),
    iterate: (parameters) => statement.iterate(...bindings(parameters)),
  }
}

const bindings = (parameters: readonly unknown[]) => parameters as SQLQueryBindings[]
