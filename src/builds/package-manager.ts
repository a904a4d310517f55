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
    unlocked: 'pnpm install --no-frozen-lockfile --config.link-workspace-packages=true',
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

/** Yarn from version 2 on. An empty lockfile marks the folder as a project of its own. */
export const YARN_BERRY: PackageManager = {
  name: 'yarn',
  lockfiles: ['yarn.lock'],
  locked: 'yarn install --immutable',
  unlocked: 'yarn install --no-immutable || { : >yarn.lock && yarn install --no-immutable; }',
}

export interface ManagerChoice {
  readonly manager: PackageManager
  readonly lockfile: string | null
}

/**
 * Chooses by the lockfile among the names of a folder, npm without one (COMPAT 4.5). `preferred`, the name in the field
 * `packageManager`, decides between several lockfiles, and where there is none.
 */
export function choosePackageManager(names: ReadonlySet<string>, preferred?: string): ManagerChoice {
  const found = MANAGERS.flatMap((manager) => {
    const lockfile = manager.lockfiles.find((name) => names.has(name))
    return lockfile === undefined ? [] : [{ manager, lockfile }]
  })
  const named = MANAGERS.find(({ name }) => name === preferred)
  return (
    found.find(({ manager }) => manager === named) ?? found[0] ?? { manager: named ?? NPM, lockfile: null }
  )
}

/** Where the tools that a build may call keep their downloads. */
export function cacheEnvironment(cacheDir: string): Record<string, string> {
  return {
    XDG_CACHE_HOME: cacheDir,
    XDG_DATA_HOME: `${cacheDir}/data`,
    npm_config_cache: `${cacheDir}/npm`,
    YARN_CACHE_FOLDER: `${cacheDir}/yarn`,
    YARN_GLOBAL_FOLDER: `${cacheDir}/yarn-berry`,
    YARN_ENABLE_TELEMETRY: '0',
    BUN_INSTALL_CACHE_DIR: `${cacheDir}/bun`,
    PIP_CACHE_DIR: `${cacheDir}/pip`,
    GOCACHE: `${cacheDir}/go-build`,
    GOMODCACHE: `${cacheDir}/go-mod`,
    // Read-only folders could not be evicted.
    GOFLAGS: '-modcacherw',
    CARGO_HOME: `${cacheDir}/cargo`,
    DENO_DIR: `${cacheDir}/deno`,
  }
}
