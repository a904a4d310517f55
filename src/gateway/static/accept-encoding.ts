/** Content codings (RFC 9110 8.4.1, RFC 8878) in the order of what they usually save. */
export const CODINGS = ['br', 'zstd', 'gzip'] as const
export type Coding = (typeof CODINGS)[number]

/** The file that a build leaves beside the original. */
export const SUFFIX: Readonly<Record<Coding, string>> = { br: '.br', zstd: '.zst', gzip: '.gz' }

/**
 * The codings a client takes, best first (RFC 9110 12.5.3): by its own q-value, then by what they save. Those it
 * likes less than the plain file are left out. The plain file is always the last resort, even if it is refused:
 * an answer that a client has to live with is better than a 406.
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

/** `name;q=0.5` by lower-case name; a weight that is none counts as a refusal. */
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
