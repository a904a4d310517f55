import type { Colors } from './output.ts'

export { formatBytes } from '../disk/index.ts'

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
