/** One requirement of a Python project (PEP 508), as far as this server has to understand it. */
export interface Requirement {
  /** Normalised (PEP 503); null for a path or an URL without a name. */
  readonly name: string | null
  /** `[async,tls]` or empty. */
  readonly extras: string
  /** `==1.0,<2`, `@ https://…` or empty. */
  readonly specifier: string
  /** `; python_version < "3.9"` or empty. */
  readonly marker: string
  readonly hashes: readonly string[]
}

const NAMED =
  /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(\(?\s*(?:(?:===|==|~=|!=|<=|>=|<|>)[^;@]*)?|@\s*[^;\s]+)\s*(;.*)?$/

export function parseRequirement(line: string): Requirement {
  const hashes = [...line.matchAll(/\s--hash[=\s](\S+)/g)].map((match) => match[1]!)
  const text = line.replaceAll(/\s--[a-z-]+([=\s]\S+)?/g, '').trim()
  const match = NAMED.exec(text)
  if (match === null) return { name: null, extras: '', specifier: text, marker: '', hashes }
  const [, name, extras = '', specifier = '', marker = ''] = match
  return {
    name: normaliseName(name!),
    extras,
    specifier: specifier.replaceAll(/[()\s]/g, (character) => (specifier.startsWith('@') ? character : '')),
    marker,
    hashes,
  }
}

/** PEP 503: `Deta_Space.Actions` and `deta-space-actions` are one name. */
export const normaliseName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

export function formatRequirement({ name, extras, specifier, marker, hashes }: Requirement): string {
  const start = `${name ?? ''}${extras}${specifier.startsWith('@') ? ' ' : ''}${specifier}`
  return [`${start}${marker && ` ${marker}`}`, ...hashes.map((hash) => `--hash=${hash}`)].join(' ')
}
