/** Column 0 is the key. */
export interface CellAt {
  readonly row: number
  readonly column: number
}

const PAGE_ROWS = 20

const MOVES: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE_ROWS, 0],
  PageDown: [PAGE_ROWS, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
}

/** Where a key leads from a cell; null for a key that does not move. */
export function moveCell(
  key: string,
  { row, column }: CellAt,
  size: { readonly rows: number; readonly columns: number },
): CellAt | null {
  const move = Object.hasOwn(MOVES, key) ? MOVES[key] : undefined
  if (!move) return null
  return { row: within(row + move[0], size.rows), column: within(column + move[1], size.columns) }
}

const within = (at: number, length: number) => Math.max(0, Math.min(at, length - 1))
