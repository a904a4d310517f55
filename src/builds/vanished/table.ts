/**
 * Packages whose names have vanished from a public registry or belong to another person now. A build never takes one
 * of them from the registry: the name is answered with a package of ours, or with another version.
 */
export interface VanishedPackage {
  readonly name: string
  /** Versions of the package of ours, oldest first. */
  readonly versions: readonly string[]
  /** The line in the build log. */
  readonly notice: string
}

export interface MovedVersion {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly notice: string
}

/** The Python index. The name is the normalised one (PEP 503). */
export const VANISHED_PYTHON: readonly VanishedPackage[] = [
  {
    name: 'deta',
    // From 2 on the name means another project, which an app must ask for: see `isReplaced`.
    versions: ['1.0.0', '1.0.1', '1.1.0', '1.2.0'],
    notice:
      'deta on the Python index belongs to another project now. This server supplies its own package with the same interface',
  },
]

/** npm. */
export const VANISHED_NPM: readonly VanishedPackage[] = [
  {
    name: 'deta-space-actions',
    versions: ['1.0.0'],
    notice:
      'deta-space-actions has been removed from npm. This server supplies its own package with the same interface',
  },
  {
    name: 'deta-space-client',
    versions: ['1.0.0'],
    notice:
      'deta-space-client has been removed from npm. This server supplies its own package with the same interface',
  },
]

/** Versions that are gone from npm, under a name that still has its owner. */
export const MOVED_NPM: readonly MovedVersion[] = [
  {
    name: 'deta',
    from: '2.0.0-rc.1',
    to: '2.0.0',
    notice: 'deta 2.0.0-rc.1 has been removed from npm. deta 2.0.0 is installed instead',
  },
]
