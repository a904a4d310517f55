import { type RawBuilder, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { JsonRows } from '../dialect-types.ts'

/** As text, since that is what the other database gives. */
export const jsonArrayOfPostgres = (rows: JsonRows): RawBuilder<string> =>
  sql<string>`${jsonArrayFrom(rows)}::text`
