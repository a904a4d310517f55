/** Scripts of the project itself that npm runs around an install. */
export const LIFECYCLE: readonly string[] = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
]

interface LockedPackage {
  readonly version?: unknown
  readonly resolved?: unknown
  readonly integrity?: unknown
  readonly hasInstallScript?: unknown
  readonly link?: unknown
}

/**
 * Whether `npm ci` on this package-lock.json (version 2 or 3) only downloads: tarballs with checksums, no git source
 * (npm runs its scripts even with --ignore-scripts), no install script, no script of the project. Only such an install
 * may write to the cache that all apps share; any other install could plant a package there for another app.
 */
export function hasNoInstallScripts(lockText: string, scripts: ReadonlySet<string>): boolean {
  if (LIFECYCLE.some((script) => scripts.has(script))) return false
  const packages = packagesOf(lockText)
  if (packages === null) return false
  return Object.entries(packages).every(([path, locked]) => path === '' || isScriptlessPackage(path, locked))
}

function packagesOf(lockText: string): Record<string, LockedPackage> | null {
  try {
    const lock = JSON.parse(lockText) as { packages?: Record<string, LockedPackage> } | null
    return typeof lock?.packages === 'object' ? lock.packages : null
  } catch {
    return null
  }
}

function isScriptlessPackage(path: string, locked: LockedPackage | null): boolean {
  if (typeof locked !== 'object' || locked === null) return false
  const { version, resolved, integrity, hasInstallScript, link } = locked
  return (
    path.startsWith('node_modules/') &&
    typeof version === 'string' &&
    /^\d+\.\d+\.\d+[\w.+-]*$/.test(version) &&
    (resolved === undefined || (typeof resolved === 'string' && /^https:\/\/\S+\.tgz$/.test(resolved))) &&
    typeof integrity === 'string' &&
    hasInstallScript === undefined &&
    link === undefined
  )
}
