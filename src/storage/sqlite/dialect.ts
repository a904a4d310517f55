import type { Database as BunDatabase, SQLQueryBindings, Statement } from 'bun:sqlite'
import { type Driver, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely'
import { ImmediateDriver } from './transaction.ts'
import { isDiskFull } from '../../disk/index.ts'

/** What is asked of the disk around writes; see `DiskGuard`. */
export interface WriteRoom {
  /** Before a statement that writes outside of a transaction, and before a transaction. */
  beforeWrite(): void
  /** After a write that failed because the disk is full. */
  release(): void
}

/** Kysely's SQLite dialect over bun:sqlite, whose transactions take the write lock at once. */
export class BunSqliteDialect extends SqliteDialect {
  readonly #connection: BunDatabase
  readonly #database: SqliteDatabase

  constructor(connection: BunDatabase, room: WriteRoom) {
    const adapted = adaptDatabase(connection, room)
    super({ database: adapted })
    this.#connection = connection
    this.#database = adapted
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#connection, this.#database)
  }
}

/** The subset of better-sqlite3 that Kysely asks for. `query` (not `prepare`) keeps the compiled statements. */
function adaptDatabase(database: BunDatabase, room: WriteRoom): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.query<unknown, SQLQueryBindings[]>(sql)
      return READS.test(sql) ? adaptStatement(statement) : writing(database, adaptStatement(statement), room)
    },
  }
}

const READS = /^\s*select\b/i

function adaptStatement(statement: Statement<unknown, SQLQueryBindings[]>): SqliteStatement {
  return {
    reader: statement.columnNames.length > 0,
    all: (parameters) => statement.all(...bindings(parameters)),
    run: (parameters) => statement.run(...bindings(parameters)),
    iterate: (parameters) => statement.iterate(...bindings(parameters)),
  }
}

const bindings = (parameters: readonly unknown[]) => parameters as SQLQueryBindings[]

function writing(database: BunDatabase, statement: SqliteStatement, room: WriteRoom): SqliteStatement {
  const withRoom = <Result>(write: () => Result): Result => {
    if (!database.inTransaction) room.beforeWrite()
    try {
      return write()
    } catch (error) {
      if (isDiskFull(error)) room.release()
      throw error
    }
  }
  return {
    ...statement,
    all: (parameters) => withRoom(() => statement.all(parameters)),
    run: (parameters) => withRoom(() => statement.run(parameters)),
  }
}
