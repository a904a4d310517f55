import {
  type CreateTableBuilder,
  type Kysely,
  PostgresAdapter,
  type QueryExecutor,
  type RawBuilder,
} from 'kysely'
import { createPostgresTable } from './postgres/create-table.ts'
import { jsonArrayOfPostgres } from './postgres/json.ts'
import { createSqliteTable } from './sqlite/create-table.ts'
import { jsonArrayOfSqlite } from './sqlite/json.ts'
import type { JsonRows, TableOptions } from './dialect-types.ts'

// The few places where the two databases take different words; Kysely's builders say all others.

const isPostgres = ({ adapter }: QueryExecutor): boolean => adapter instanceof PostgresAdapter

/** Begins a table whose values must have the types of their columns. `integer` holds 64 bits on either database. */
export function createTable<Tables>(
  db: Kysely<Tables>,
  name: string,
  options: TableOptions = {},
): CreateTableBuilder<string> {
  const { schema } = db
  return isPostgres(db.getExecutor())
    ? createPostgresTable(schema, name)
    : createSqliteTable(schema, name, options)
}

/** The rows of a subquery, in its order, as the text of a JSON array of objects. */
export function jsonArrayFrom<Tables>(db: Kysely<Tables>, rows: JsonRows): RawBuilder<string> {
  return isPostgres(db.getExecutor()) ? jsonArrayOfPostgres(rows) : jsonArrayOfSqlite(rows)
}
