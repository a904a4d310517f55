import { type CreateTableBuilder, type SchemaModule, sql } from 'kysely'
import type { TableOptions } from '../dialect-types.ts'

/** Strict: SQLite would otherwise store a text in a column of numbers. */
export function createSqliteTable(
  schema: SchemaModule,
  name: string,
  { clustered = false }: TableOptions,
): CreateTableBuilder<string> {
  return schema.createTable(name).modifyEnd(clustered ? sql`strict, without rowid` : sql`strict`)
}
