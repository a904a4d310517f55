import { normaliseName, parseRequirement } from './requirement.ts'
import { asTable, asTables, asText, asTexts, type Table } from './toml.ts'

/** Every locked package of a Pipfile.lock with its checksums. Null when it is not one. */
export function pipfileLockRequirements(text: string): readonly string[] | null {
  const packages = asTable(parseJson(text)?.default)
  if (packages === null) return null
  return Object.entries(packages).flatMap(([name, value]) => {
    const entry = asTable(value)
    const version = asText(entry?.version)
    if (entry === null || version === null) return []
    const markers = asText(entry.markers)
    const extras = asTexts(entry.extras)
    return lockedLine({
      name: `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}`,
      version: version.replace(/^==/, ''),
      marker: markers,
      hashes: asTexts(entry.hashes),
    })
  })
}

function parseJson(text: string): Table | null {
  try {
    return asTable(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * The packages of a poetry.lock or uv.lock that the requirements `roots` need, directly or not: both files also lock
 * packages of development. Null when one of them is not from an index, or is locked in several versions without saying
 * when each applies.
 */
export function lockRequirements(lock: Table, roots: readonly string[]): readonly string[] | null {
  const entries = Map.groupBy(asTables(lock.package), ({ name }) => normaliseName(asText(name) ?? ''))
  const lines: string[] = []
  for (const [entry, markers] of closure(entries, roots.map(rootEdge))) {
    const name = normaliseName(asText(entry.name) ?? '')
    const version = asText(entry.version)
    const when = whenOf(entry)
    const isAmbiguous = entries.get(name)!.length > 1 && when === null
    if (version === null || !isFromIndex(entry) || isAmbiguous) return null
    const marker = [when, anyOf(markers)].filter((part) => part !== null).join(' and ') || null
    lines.push(lockedLine({ name, version, marker, hashes: hashesOf(entry, lock, name) }))
  }
  return lines.length === 0 && roots.length > 0 ? null : lines
}

/** One package needs another, always or under a condition, in any of its locked versions or in one. */
interface Edge {
  readonly name: string
  readonly version: string | null
  readonly marker: string | null
}

function rootEdge(line: string): Edge {
  const { name, marker } = parseRequirement(line)
  return { name: name ?? '', version: null, marker: marker.replace(/^;\s*/, '') || null }
}

/** Every package that is needed, with the conditions of all edges to it. One that no supported system needs may be missing. */
function closure(
  entries: ReadonlyMap<string, readonly Table[]>,
  roots: readonly Edge[],
): Map<Table, (string | null)[]> {
  const needed = new Map<Table, (string | null)[]>()
  const pending = [...roots]
  for (const { name, version, marker } of pending)
    for (const entry of entries.get(name) ?? []) {
      if (version !== null && entry.version !== version) continue
      const markers = needed.get(entry)
      if (markers === undefined) pending.push(...edgesOf(entry))
      needed.set(entry, [...(markers ?? []), marker])
    }
  return needed
}

/** Optional dependencies are locked only where an extra asks for them. */
function edgesOf(entry: Table): readonly Edge[] {
  const poetry = asTable(entry.dependencies)
  const extras = Object.values(asTable(entry['optional-dependencies']) ?? {})
  const edges = poetry
    ? Object.entries(poetry).map(([name, value]) => ({
        name,
        version: null,
        marker: asText(asTable(value)?.markers),
      }))
    : [entry.dependencies, ...extras].flatMap(asTables).map(({ name, version, marker }) => ({
        name: asText(name) ?? '',
        version: asText(version),
        marker: asText(marker),
      }))
  return edges.map((edge) => ({ ...edge, name: normaliseName(edge.name), marker: usable(edge.marker) }))
}

/** When an entry applies at all: uv lists several versions of a package for several versions of Python. */
function whenOf(entry: Table): string | null {
  const poetry = asText(entry.markers)
  if (poetry !== null) return `(${poetry})`
  const uv = asTexts(entry['resolution-markers'])
  return uv.length === 0 ? null : anyOf(uv)
}

/** The condition `extra == …` has been decided by the lock. */
const usable = (marker: string | null): string | null => (marker?.includes('extra ==') ? null : marker)

function anyOf(markers: readonly (string | null)[]): string | null {
  if (markers.includes(null)) return null
  const parts = [...new Set(markers)].map((marker) => `(${marker})`)
  return parts.length === 1 ? parts[0]! : `(${parts.join(' or ')})`
}

function isFromIndex(entry: Table): boolean {
  const source = asTable(entry.source)
  return source === null || asText(source.registry) !== null || asText(source.type) === 'legacy'
}

/** poetry.lock has the files of a package beside it, or (before 1.3) in `metadata.files`; uv.lock as sdist and wheels. */
function hashesOf(entry: Table, lock: Table, name: string): readonly string[] {
  const old = asTable(asTable(lock.metadata)?.files)
  const oldName = Object.keys(old ?? {}).find((key) => normaliseName(key) === name)
  const files = [
    ...asTables(entry.files),
    ...asTables(oldName === undefined ? [] : old![oldName]),
    ...asTables(entry.wheels),
    ...asTables([entry.sdist]),
  ]
  return files.flatMap(({ hash }) => asText(hash) ?? [])
}

interface Locked {
  readonly name: string
  readonly version: string
  readonly marker: string | null
  readonly hashes: readonly string[]
}

const lockedLine = ({ name, version, marker, hashes }: Locked): string =>
  [`${name}==${version}${marker ? ` ; ${marker}` : ''}`, ...hashes.map((hash) => `--hash=${hash}`)].join(' ')
