import type { CreateTableBuilder, SchemaModule } from 'kysely'

/** Strict by itself; rows lie in no order. */
export function createPostgresTable(schema: SchemaModule, name: string): CreateTableBuilder<string> {
  return schema.createTable(name)
}
