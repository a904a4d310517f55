/** Which version of a package manager reads the lockfile of a project. */
import type { ToolKind } from './catalog.ts'
import { isExactVersion } from './tool-name.ts'

/** What decides the version; null: missing. */
export interface ManagerFiles {
  readonly packageJson: Readonly<Record<string, unknown>>
  readonly lock: string | null
  readonly yarnrc: string | null
  readonly pnpmWorkspace: string | null
}

export interface ManagerAsk {
  readonly version: string
  /** Of the field `packageManager`: hash algorithm and hex. */
  readonly digest: { readonly algorithm: string; readonly hex: string } | null
}

/** `packageManager` of package.json: `pnpm@8.15.9` or `pnpm@8.15.9+sha512.<hex>`; null when it is not of this form. */
export function readManagerField(
  packageJson: Readonly<Record<string, unknown>>,
): (ManagerAsk & { readonly name: string }) | null {
  const text = packageJson.packageManager
  if (typeof text !== 'string' || text.length > 300) return null
  const [, name, version, algorithm, hex] = /^([a-z]+)@([^+\s]+)(?:\+(sha\d+)\.([\da-f]+))?$/.exec(text) ?? []
  if (!name || !version || !isExactVersion(version)) return null
  return { name, version, digest: algorithm && hex ? { algorithm, hex } : null }
}

/** The version for a project; null: the machine's, or the server's own Bun. */
export function managerVersion(kind: ToolKind, files: ManagerFiles): ManagerAsk | null {
  const field = readManagerField(files.packageJson)
  if (field?.name === kind) return field
  const version = kind === 'pnpm' ? pnpmVersion(files) : kind === 'yarn' ? yarnVersion(files) : null
  return version === null ? null : { version, digest: null }
}

/** The last version of each line, of those that current versions of Node can run: pnpm 6 cannot reach a registry with Node 20. */
const PNPM = { 5: '7.33.7', 6: '8.15.9', 9: '9.15.9', newest: '10.34.8' } as const

/**
 * `lockfileVersion`: 5.x of pnpm 3 to 7, 6.x of pnpm 8, 9.x of pnpm 9 and later. pnpm 9 runs the install scripts of
 * dependencies, and pnpm 10 only those that the project allows, so pnpm 10 is for projects that use its settings.
 */
function pnpmVersion({ lock, pnpmWorkspace, packageJson }: ManagerFiles): string {
  const [, major] = /^lockfileVersion:\s*['"]?(\d+)/m.exec(lock ?? '') ?? []
  switch (Number(major)) {
    case 3:
    case 4:
    case 5:
      return PNPM[5]
    case 6:
      return PNPM[6]
    default:
      return isForPnpm10(pnpmWorkspace, packageJson) ? PNPM.newest : PNPM[9]
  }
}

function isForPnpm10(workspace: string | null, { pnpm }: Readonly<Record<string, unknown>>): boolean {
  if (workspace !== null && !/^packages:/m.test(workspace)) return true
  return typeof pnpm === 'object' && pnpm !== null && 'onlyBuiltDependencies' in pnpm
}

const YARN_1 = '1.22.22'

/** By `__metadata.version` of yarn.lock: a newer Yarn rewrites an older lockfile, which `--immutable` forbids. */
const YARN_BY_LOCK: readonly (readonly [upTo: number, version: string])[] = [
  [3, '2.4.2'],
  [4, '3.0.2'],
  [5, '3.1.1'],
  [6, '3.8.7'],
  [8, '4.13.0'],
  [9, '4.14.0'],
  [Number.POSITIVE_INFINITY, '4.18.1'],
]

function yarnVersion({ lock, yarnrc }: ManagerFiles): string {
  const [, format, key] =
    /^__metadata:\s*\n\s+version:\s*['"]?(\d+)['"]?(?:\s*\n\s+cacheKey:\s*['"]?(\d+))?/m.exec(lock ?? '') ??
    []
  if (format === undefined && (lock?.trim() || yarnrc === null)) return YARN_1
  // Yarn 2 and 3.0 write the same version, with archives of a different form.
  const lockVersion = Number(format ?? 10) === 4 && Number(key) < 8 ? 3 : Number(format ?? 10)
  return YARN_BY_LOCK.find(([upTo]) => lockVersion <= upTo)![1]
}

export const isYarnBerry = (version: string): boolean =>
  !version.startsWith('1.') && !version.startsWith('0.')
