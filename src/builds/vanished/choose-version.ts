/**
 * The newest of `versions` (oldest first) that a PEP 440 specifier allows, for example `~=1.0,!=1.0.1`. Null when it
 * allows none. Only release numbers are compared: ours have no other parts.
 */
export function chooseVersion(specifier: string, versions: readonly string[]): string | null {
  const clauses = specifier.split(',').flatMap((clause) => parseClause(clause.trim()) ?? [])
  return versions.findLast((version) => clauses.every((clause) => allows(clause, version))) ?? null
}

/** Whether a specifier asks for the major version `from` or later only; then it does not mean the package of ours. */
export function asksOnlyFrom(specifier: string, from: number): boolean {
  return specifier.split(',').some((text) => {
    const clause = parseClause(text.trim())
    if (clause === null || !['==', '===', '~=', '>=', '>'].includes(clause.operator)) return false
    return numbersOf(clause.version)[0]! >= from
  })
}

/** Whether a specifier allows no version from `version` on. */
export function allowsOnlyBefore(specifier: string, version: string): boolean {
  return specifier.split(',').some((text) => {
    const clause = parseClause(text.trim())
    if (clause === null) return false
    if (clause.operator === '<') return compare(clause.version, version) <= 0
    if (clause.operator === '~=') return compare(endOfSeries(clause.version), version) <= 0
    return ['==', '===', '<='].includes(clause.operator) && compare(clause.version, version) < 0
  })
}

/** The first version that `~=` excludes: 2.1 for 2.0.3. */
function endOfSeries(version: string): string {
  const numbers = numbersOf(version).slice(0, -1)
  return [...numbers.slice(0, -1), (numbers.at(-1) ?? 0) + 1].join('.')
}

interface Clause {
  readonly operator: string
  readonly version: string
  readonly isPrefix: boolean
}

function parseClause(text: string): Clause | null {
  const match = /^(===|==|~=|!=|<=|>=|<|>)\s*v?(\d+(?:\.\d+)*)([\w.+!-]*?)(\.\*)?$/.exec(text)
  return match && { operator: match[1]!, version: match[2]!, isPrefix: match[4] !== undefined }
}

function allows({ operator, version, isPrefix }: Clause, candidate: string): boolean {
  const order = compare(candidate, version)
  const hasPrefix = `${candidate}.`.startsWith(`${version}.`)
  switch (operator) {
    case '==':
    case '===':
      return isPrefix ? hasPrefix : order === 0
    case '!=':
      return isPrefix ? !hasPrefix : order !== 0
    case '~=':
      return order >= 0 && `${candidate}.`.startsWith(`${version.replace(/\.?\d+$/, '')}.`)
    case '<=':
      return order <= 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    default:
      return order > 0
  }
}

const numbersOf = (version: string): number[] => version.split('.').map(Number)

function compare(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
