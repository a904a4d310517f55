import type { QueryResult } from 'kysely'

/** Whole numbers as JavaScript numbers, which SQLite gives as well. Throws for one that would change. */
export function withNumbers<Row>(result: QueryResult<Row>): QueryResult<Row> {
  for (const row of result.rows as Record<string, unknown>[])
    for (const [column, value] of Object.entries(row))
      if (typeof value === 'bigint') row[column] = exactNumber(value, column)
  return result
}

function exactNumber(value: bigint, column: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${column} is too large to be a number: ${value}`)
  return number
}
