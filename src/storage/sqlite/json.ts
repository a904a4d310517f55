import type { RawBuilder } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/sqlite'
import type { JsonRows } from '../dialect-types.ts'

/** SQLite gives JSON as text, whatever Kysely's type says. */
export const jsonArrayOfSqlite = (rows: JsonRows): RawBuilder<string> =>
  jsonArrayFrom(rows) as RawBuilder<unknown> as RawBuilder<string>
