import { NotAnswered, askJson, unreadable } from './ask-json.ts'
import { isObject, lineOf, listOf, pageOf } from './fields.ts'
import type { Bounds } from './limits.ts'
import type { Answer, Package, Vulnerability, VulnerablePackage } from './types.ts'

/**
 * Asks the Python index for each package. One that the index does not know, as a package of ours under a vanished name, has
 * no known vulnerabilities; an index that knows none of them has no such end. Never rejects.
 */
export async function askPython(all: readonly Package[], index: URL, bounds: Bounds): Promise<Answer> {
  const { pythonPackages, pythonAtOnce } = bounds.limits
  const askable = all.filter(isAskable)
  const asked = askable.slice(0, pythonPackages)
  const found: VulnerablePackage[] = []
  let unknown = 0
  try {
    for (let at = 0; at < asked.length; at += pythonAtOnce) {
      const batch = asked.slice(at, at + pythonAtOnce)
      const answers = await settled(batch.map((each) => askPackage(each, index, bounds)))
      unknown += answers.filter((answer) => answer === null).length
      found.push(...answers.flatMap((answer) => (answer?.vulnerabilities.length ? [answer] : [])))
    }
  } catch (error) {
    if (error instanceof NotAnswered) return { found, reason: error.message }
    throw error
  }
  if (unknown > 0 && unknown === asked.length) return { found, reason: 'it does not offer audits (404)' }
  const reason =
    askable.length > asked.length ? `an audit asks about ${pythonPackages} packages at most` : null
  return { found, reason }
}

/** Waits for all, so that no request is left behind; then throws the first failure. */
async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return await Promise.all(work)
}

/** Names and versions come from apps and become part of a path, which they must not lead out of. */
const isAskable = ({ name, version }: Package): boolean =>
  /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name) && /^\d[\w.+!]*$/.test(version)

async function askPackage(
  { name, version }: Package,
  index: URL,
  bounds: Bounds,
): Promise<VulnerablePackage | null> {
  const project = name.toLowerCase().replace(/[-_.]+/g, '-')
  const within = new URL('pypi/', index)
  const url = new URL(`${project}/${encodeURIComponent(version)}/json`, within)
  try {
    // The index may redirect to the spelling under which a project was registered.
    const answer = await askJson({ url, within }, bounds)
    if (!isObject(answer) || !Array.isArray(answer.vulnerabilities)) throw unreadable()
    return { name, version, vulnerabilities: answer.vulnerabilities.flatMap(readVulnerability) }
  } catch (error) {
    if (error instanceof NotAnswered && error.status === 404) return null
    throw error
  }
}

function readVulnerability(entry: unknown): Vulnerability[] {
  if (!isObject(entry)) throw unreadable()
  if (typeof entry.withdrawn === 'string') return []
  return [
    {
      id: lineOf(entry.id) ?? 'unnamed',
      severity: null,
      title: lineOf(entry.summary) ?? lineOf(entry.details) ?? 'Vulnerability without a title',
      url: pageOf(entry.link),
      fixedIn: listOf(entry.fixed_in).flatMap((version) => lineOf(version) ?? []),
    },
  ]
}
