/** SQL with its values, in the order of its `?`. */
export interface Sql {
  readonly text: string
  readonly values: readonly SqlValue[]
}

export type SqlValue = string | number | null

export const sql = (text: string, ...values: SqlValue[]): Sql => ({ text, values })

export const and = (...parts: readonly (Sql | null)[]): Sql => joined(present(parts), 'and', 'true')

export const or = (parts: readonly Sql[]): Sql => joined(parts, 'or', 'false')

const present = (parts: readonly (Sql | null)[]): Sql[] => parts.filter((part) => part !== null)

/** Halved again and again: SQLite limits how deep expressions are nested, and a plain chain nests once for each part. */
function joined(parts: readonly Sql[], by: 'and' | 'or', none: string): Sql {
  if (parts.length === 0) return sql(none)
  if (parts.length === 1) return parts[0]!
  const middle = parts.length >> 1
  const [left, right] = [joined(parts.slice(0, middle), by, none), joined(parts.slice(middle), by, none)]
  return { text: `(${left.text} ${by} ${right.text})`, values: [...left.values, ...right.values] }
}

/**
 * A literal. An index on an expression, or on the documents of one base, serves only statements that have the same literal
 * in place of a parameter. In SQLite's literals, the quote alone is special; U+0000 is never stored (stored-text.ts).
 */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Of nested members. In double quotes, SQLite reads names as JSON texts: with the same escapes. */
export const pathLiteral = (path: readonly string[]): string =>
  literal(`$${path.map((name) => `.${JSON.stringify(name)}`).join('')}`)
