/**
 * Whether `a` and `b` have the same `length` characters from these offsets on. Without slices, because it is called for
 * every request.
 */
export function isSameText(a: string, fromA: number, b: string, fromB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a.charCodeAt(fromA + i) !== b.charCodeAt(fromB + i)) return false
  return true
}
