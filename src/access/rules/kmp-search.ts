/** A text prepared for being searched in linear time (Knuth, Morris, Pratt 1977). */
export interface Needle {
  readonly text: string
  /** For each position the length of the longest border of what precedes it. */
  readonly borders: Uint16Array
}

/** Prepares `needle` in linear time; it can then be searched in any text. */
export function prepareNeedle(text: string): Needle {
  const borders = new Uint16Array(text.length)
  for (let i = 1, length = 0; i < text.length; i++) {
    while (length > 0 && text[i] !== text[length]) length = borders[length - 1] ?? 0
    if (text[i] === text[length]) length++
    borders[i] = length
  }
  return { text, borders }
}

/** The end of the first `needle` within `text[from..to)`, or -1. `indexOf` is quadratic in the worst case. */
export function findEnd(needle: Needle, text: Pick<string, 'charCodeAt'>, from: number, to: number): number {
  const { text: piece, borders } = needle
  let length = 0
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    while (length > 0 && code !== piece.charCodeAt(length)) length = borders[length - 1] ?? 0
    if (code === piece.charCodeAt(length)) length++
    if (length === piece.length) return i + 1
  }
  return -1
}
