import { fixesOf, isAffected } from './affected.ts'
import { NotAnswered, askJson, unreadable } from './ask-json.ts'
import { isObject, lineOf, listOf, pageOf } from './fields.ts'
import type { Bounds } from './limits.ts'
import type { Answer, Package, Vulnerability, VulnerablePackage } from './types.ts'

const PATH = '-/npm/v1/security/advisories/bulk'

/** Asks npm's registry for the advisories of packages, many with one request. Never rejects. */
export async function askNpm(all: readonly Package[], registry: URL, bounds: Bounds): Promise<Answer> {
  const { npmPackages, npmBatch } = bounds.limits
  const asked = all.slice(0, npmPackages)
  const found: VulnerablePackage[] = []
  try {
    for (let at = 0; at < asked.length; at += npmBatch)
      found.push(...(await askBatch(asked.slice(at, at + npmBatch), registry, bounds)))
  } catch (error) {
    if (error instanceof NotAnswered) return { found, reason: error.message }
    throw error
  }
  const reason = all.length > asked.length ? `an audit asks about ${npmPackages} packages at most` : null
  return { found, reason }
}

async function askBatch(
  packages: readonly Package[],
  registry: URL,
  bounds: Bounds,
): Promise<VulnerablePackage[]> {
  const versions = Map.groupBy(packages, ({ name }) => name)
  const body = Object.fromEntries(
    [...versions].map(([name, list]) => [name, list.map(({ version }) => version)]),
  )
  const answer = await askJson({ url: new URL(PATH, registry), body }, bounds)
  if (!isObject(answer)) throw unreadable()
  return packages.flatMap(({ name, version }) => {
    const advisories = Object.hasOwn(answer, name) ? answer[name] : []
    if (!Array.isArray(advisories)) throw unreadable()
    const vulnerabilities = advisories.flatMap((each) => advisoryFor(version, each))
    return vulnerabilities.length > 0 ? [{ name, version, vulnerabilities }] : []
  })
}

function advisoryFor(version: string, advisory: unknown): Vulnerability[] {
  if (!isObject(advisory)) throw unreadable()
  const range = lineOf(advisory.vulnerable_versions) ?? '*'
  if (!isAffected(version, range)) return []
  const url = pageOf(advisory.url)
  const id = /\/(GHSA-[\w-]+)$/.exec(url ?? '')?.[1] ?? lineOf(advisory.id) ?? listOf(advisory.cves).join()
  return [
    {
      id: id || 'unnamed',
      severity: lineOf(advisory.severity),
      title: lineOf(advisory.title) ?? 'Vulnerability without a title',
      url,
      fixedIn: fixesOf(version, range),
    },
  ]
}
