/** The first text after all that begin with `prefix`, in the order of UTF-8 bytes; null: there is none. */
export function prefixEnd(prefix: string): string | null {
  const points = Array.from(prefix, (char) => char.codePointAt(0)!)
  for (let last = points.pop(); last !== undefined; last = points.pop())
    if (last < 0x10ffff) return textOf(points) + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
  return null
}

/** One by one: as arguments of a single call, the points of a long text would not fit on the stack. */
const textOf = (points: readonly number[]): string =>
  points.map((point) => String.fromCodePoint(point)).join('')
