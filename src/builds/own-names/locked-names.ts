/** Whether a lockfile takes `name` from a registry. */
export function locksFromRegistry(lockfile: string, text: string, name: string): boolean {
  if (lockfile.endsWith('.json')) return npmLocks(text, name)
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  switch (lockfile) {
    case 'pnpm-lock.yaml':
      return new RegExp(`^ {2}['"]?/?${escaped}[@/]\\d`, 'm').test(text)
    case 'bun.lock':
      return new RegExp(`"${escaped}": \\["${escaped}@\\d`).test(text)
    default:
      // Yarn 1 has the address, later versions the protocol.
      return new RegExp(
        `^"?${escaped}@[^\\n]*:\\n(?: {2}[^\\n]*\\n)*? {2}(?:resolved "https?:|resolution: "${escaped}@npm:)`,
        'm',
      ).test(text)
  }
}

function npmLocks(text: string, name: string): boolean {
  try {
    const { packages = {}, dependencies = {} } = JSON.parse(text) as Record<string, Record<string, Locked>>
    const entries = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`))
    return [...entries.map(([, entry]) => entry), dependencies[name]].some(
      (entry) => typeof entry?.integrity === 'string',
    )
  } catch {
    return false
  }
}

interface Locked {
  readonly integrity?: unknown
}
