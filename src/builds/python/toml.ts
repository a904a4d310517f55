export type Table = Readonly<Record<string, unknown>>

/** A TOML file as a table; null when it cannot be read. */
export function parseToml(text: string): Table | null {
  try {
    return asTable(Bun.TOML.parse(text))
  } catch {
    return null
  }
}

export const asTable = (value: unknown): Table | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : null

export const asTables = (value: unknown): readonly Table[] =>
  Array.isArray(value) ? value.map(asTable).filter((table) => table !== null) : []

export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const asTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
