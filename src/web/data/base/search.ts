import { COLUMNS_MAX, type Fields } from './columns.ts'

/** What the table shows of a Base. */
export type Search =
  | { readonly kind: 'all' }
  /** Items that have exactly this text, number or boolean as their key or in a field. */
  | { readonly kind: 'text'; readonly text: string; readonly fields: readonly string[] }
  | { readonly kind: 'query'; readonly query: unknown }

export const ALL: Search = { kind: 'all' }

/** Fields that a query can name: in a query, `?` and `.` have meanings of their own. */
export const searchedFields = (fields: Fields): string[] =>
  [...fields.keys()].filter((name) => !/[?.]/.test(name)).slice(0, COLUMNS_MAX)

/** The query of the data API; null: no field can match. */
export function queryOf(search: Search): unknown {
  switch (search.kind) {
    case 'all':
      return []
    case 'query':
      return search.query
    case 'text': {
      const { text, fields } = search
      const conditions = fields.flatMap((name) => valuesOf(text).map((value) => ({ [name]: value })))
      return conditions.length === 0 ? null : conditions
    }
  }
}

/** What a person may mean: `12` is a number or text. */
function valuesOf(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text, text === 'true']
  const number = Number(text)
  return text !== '' && String(number) === text && Number.isFinite(number) ? [text, number] : [text]
}
