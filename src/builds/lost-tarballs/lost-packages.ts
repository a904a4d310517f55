/** A package that a registry no longer has in the locked version. */
export interface LostPackage {
  readonly name: string
  /** Null when the output does not name it. */
  readonly version: string | null
}

const NAME = String.raw`(@[\w.~-]+\/[\w.~-]+|[\w.~-]+)`
const VERSION = String.raw`(\d+\.\d+\.\d+(?:[\w.+-]*\w)?)`

const PATTERNS: readonly RegExp[] = [
  // The address of a tarball, in the errors of every package manager.
  new RegExp(String.raw`https?://[^\s"']*?/${NAME}/-/[\w.~-]+?-${VERSION}\.tgz`, 'g'),
  // npm ETARGET and E404, pnpm
  new RegExp(String.raw`No matching version found for ${NAME}@${VERSION}?`, 'g'),
  new RegExp(String.raw`'${NAME}@${VERSION}?[^']*' is not in`, 'g'),
  // yarn
  new RegExp(String.raw`Couldn't find any versions for "${NAME}" that matches "[\^~]?${VERSION}?`, 'g'),
  // bun
  new RegExp(String.raw`No version matching "[^"]*" found for specifier "${NAME}"()`, 'g'),
  // npm EINTEGRITY names only the address, which the first pattern finds.
]

/** The packages that the last output of a package manager says are gone. */
export function lostPackages(tail: string): LostPackage[] {
  const isLoss =
    /404|ETARGET|No matching version|Couldn't find|No version matching|EINTEGRITY|Integrity/i.test(tail)
  if (!isLoss) return []
  const found = new Map<string, LostPackage>()
  for (const pattern of PATTERNS)
    for (const [, name, version] of tail.matchAll(pattern)) {
      const decoded = name!.replace(/%2f/i, '/')
      if (!found.get(decoded)?.version) found.set(decoded, { name: decoded, version: version || null })
    }
  return [...found.values()]
}
