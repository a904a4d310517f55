/** Both ends are inclusive. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

export type RangeAnswer =
  /** The whole file: no range, an invalid one, or more ranges than is reasonable. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'unsatisfiable' }
  /** In the requested order, at least one. */
  | { readonly kind: 'partial'; readonly ranges: readonly ByteRange[] }

/** Usual clients request one range, a PDF viewer a handful. */
const MAX_RANGES = 16
const MAX_VALUE_CHARS = 512

const WHOLE: RangeAnswer = { kind: 'whole' }

/**
 * Reads a Range header (RFC 9110 14.2) for a file of `size` bytes. An answer is never longer than the file: overlapping
 * ranges whose sum is longer get the whole file instead (RFC 9110 17.15).
 */
export function readRanges(value: string, size: number): RangeAnswer {
  const set = /^bytes=(.*)$/i.exec(value.trim())?.[1]
  if (set === undefined || value.length > MAX_VALUE_CHARS || size === 0) return WHOLE
  const specs = set.split(',').map((spec) => spec.trim())
  const asked = specs.filter((spec) => spec !== '')
  if (asked.length === 0 || asked.length > MAX_RANGES) return WHOLE
  const ranges: ByteRange[] = []
  let total = 0
  for (const spec of asked) {
    const range = readRange(spec, size)
    if (range === 'invalid') return WHOLE
    if (range === 'beyond') continue
    ranges.push(range)
    total += range.last - range.first + 1
  }
  if (ranges.length === 0) return { kind: 'unsatisfiable' }
  return total > size ? WHOLE : { kind: 'partial', ranges }
}

function readRange(spec: string, size: number): ByteRange | 'invalid' | 'beyond' {
  const match = /^(\d*)-(\d*)$/.exec(spec)
  if (match === null || spec === '-') return 'invalid'
  const [, from = '', to = ''] = match
  if (from === '') {
    const suffix = Number(to)
    return suffix === 0 ? 'beyond' : { first: Math.max(0, size - suffix), last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < first) return 'invalid'
  return first >= size ? 'beyond' : { first, last }
}
