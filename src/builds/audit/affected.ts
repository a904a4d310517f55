const BOUND = /^(<=|>=|<|>|=)?\s*v?(\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?)$/

/**
 * Whether a version is in a range of npm's advisories, as `>=1.0.0 <1.2.3 || =2.0.0`. A version before a release
 * (`1.2.3-rc.1`) counts by its order, as npm audit does. True for what cannot be read: the registry has named the package.
 */
export function isAffected(version: string, range: string): boolean {
  return alternativesOf(range).some((bounds) => bounds.every((bound) => satisfies(version, bound)))
}

/** The versions with which the parts of a range end that contain `version`: `<1.2.3` is fixed in 1.2.3. */
export function fixesOf(version: string, range: string): string[] {
  return alternativesOf(range)
    .filter((bounds) => bounds.every((bound) => satisfies(version, bound)))
    .flatMap((bounds) => bounds.flatMap((bound) => /^<\s*(\d.*)$/.exec(bound)?.[1] ?? []))
}

const alternativesOf = (range: string): string[][] =>
  range.split('||').map((part) =>
    part
      .trim()
      .replace(/([<>=])\s+/g, '$1')
      .split(/[\s,]+/),
  )

function satisfies(version: string, bound: string): boolean {
  const [, operator = '=', limit] = BOUND.exec(bound) ?? []
  if (limit === undefined) return true
  const order = compare(version, limit)
  if (order === null) return true
  if (operator === '=') return order === 0
  return (operator.startsWith('<') ? order < 0 : order > 0) || (operator.endsWith('=') && order === 0)
}

function compare(version: string, limit: string): number | null {
  try {
    return Bun.semver.order(version, limit)
  } catch {
    return null
  }
}
