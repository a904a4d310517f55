import type { SelectQueryBuilder } from 'kysely'

export interface TableOptions {
  /** Rows lie in the order of the primary key, where the database can: for small rows that are read by a range. */
  readonly clustered?: boolean
}

/** A subquery whose columns are named. */
// eslint-disable-next-line typescript/no-explicit-any -- of any tables, which only the database looks at
export type JsonRows = SelectQueryBuilder<any, any, object>
