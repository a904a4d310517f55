/** A package manager and the shell lines that install with it. */
export interface PackageManager {
  readonly name: 'npm' | 'yarn' | 'pnpm' | 'bun'
  readonly lockfiles: readonly string[]
  /** Installs exactly the versions of the lockfile. */
  readonly locked: string
  /** Installs without a lockfile, or when its versions cannot be installed. */
  readonly unlocked: string
}

/** `npm ci` that runs no scripts. */
export const NPM_CI_WITHOUT_SCRIPTS = 'npm ci --ignore-scripts'

const NPM: PackageManager = {
  name: 'npm',
  lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
  locked: 'npm ci',
  unlocked: 'npm install --no-package-lock',
}

/** In order of preference when a project has several lockfiles: npm is always installed beside this server. */
const MANAGERS: readonly PackageManager[] = [
  NPM,
  {
    name: 'pnpm',
    lockfiles: ['pnpm-lock.yaml'],
    locked: 'pnpm install --frozen-lockfile',
    unlocked: 'pnpm install --no-frozen-lockfile',
  },
  {
    name: 'yarn',
    lockfiles: ['yarn.lock'],
    locked: 'yarn install --frozen-lockfile',
    unlocked: 'rm -f yarn.lock && yarn install',
  },
  {
    name: 'bun',
    lockfiles: ['bun.lock', 'bun.lockb'],
    locked: 'bun install --frozen-lockfile',
    unlocked: 'rm -f bun.lock bun.lockb && bun install',
  },
]

/** Chooses by the lockfile among the names of a folder; npm without a lockfile (COMPAT 4.5). */
export function choosePackageManager(names: ReadonlySet<string>): {
  readonly manager: PackageManager
  readonly lockfile: string | null
} {
  for (const manager of MANAGERS) {
    const lockfile = manager.lockfiles.find((name) => names.has(name))
    if (lockfile !== undefined) return { manager, lockfile }
  }
  return { manager: NPM, lockfile: null }
}

/** Where the tools that a build may call keep their downloads. */
export function cacheEnvironment(cacheDir: string): Record<string, string> {
  return {
    XDG_CACHE_HOME: cacheDir,
    XDG_DATA_HOME: `${cacheDir}/data`,
    npm_config_cache: `${cacheDir}/npm`,
    YARN_CACHE_FOLDER: `${cacheDir}/yarn`,
    BUN_INSTALL_CACHE_DIR: `${cacheDir}/bun`,
    PIP_CACHE_DIR: `${cacheDir}/pip`,
    GOCACHE: `${cacheDir}/go-build`,
    GOMODCACHE: `${cacheDir}/go-mod`,
    CARGO_HOME: `${cacheDir}/cargo`,
  }
}
