/** Content codings (RFC 9110 8.4.1, RFC 8878) in the order of their usual savings. */
export const CODINGS = ['br', 'zstd', 'gzip'] as const
export type Coding = (typeof CODINGS)[number]

/** The suffix of compressed trees that builds make. */
export const SUFFIX: Readonly<Record<Coding, string>> = { br: '.br', zstd: '.zst', gzip: '.gz' }

/**
 * The codings that a client accepts, best first (RFC 9110 12.5.3): by q-value, then by savings. Codings with a lower
 * q-value than the plain file are left out. The plain file is always the last resort, even if it is refused: an
 * unwanted coding is better than a 406.
 */
export function acceptedCodings(acceptEncoding: string | null): readonly Coding[] {
  if (acceptEncoding === null) return []
  const weights = readWeights(acceptEncoding)
  const others = weights.get('*') ?? 0
  const plain = weights.get('identity') ?? 0
  const weightOf = (coding: Coding) => weights.get(coding) ?? others
  return CODINGS.filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= plain).sort(
    (a, b) => weightOf(b) - weightOf(a),
  )
}

/** `name;q=0.5` by lower-case name; an unparsable weight counts as q=0. */
function readWeights(value: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const item of value.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : readWeight(weight))
  }
  return weights
}

const readWeight = (text: string): number => (/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0)
