import type { Colors } from './output.ts'

/** `843 bytes`, `1.2 MB`; powers of ten, as file managers and the limit count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte')
  const units = ['kB', 'MB', 'GB']
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length)
  const value = bytes / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`
}

/** `1 file`, `2 files`. */
export const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`

/** Lines with columns padded to the widest cell; the first row is the heading. */
export function formatTable(rows: readonly (readonly string[])[], colors: Colors): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => Bun.stringWidth(row[column] ?? ''))),
  )
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => cell + ' '.repeat(widths[column]! - Bun.stringWidth(cell)))
    const line = cells.join('   ').trimEnd()
    return index === 0 ? colors.dim(line) : line
  })
}
