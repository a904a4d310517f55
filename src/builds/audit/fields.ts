/** Fields of answers, which come from another server: of any type, and of any length. */

const MAX_TEXT = 300

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The first line, or null. */
export function lineOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  const line = typeof value === 'string' ? value.trim().split('\n', 1)[0]!.slice(0, MAX_TEXT) : ''
  return line === '' ? null : line
}

/** An address of a web page, or null. */
export function pageOf(value: unknown): string | null {
  const line = lineOf(value)
  return line !== null && /^https?:$/.test(URL.parse(line)?.protocol ?? '') ? line : null
}
