import { mkdirSync } from 'node:fs'
import { readdir, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatBytes, measureTree } from '../disk/index.ts'
import type { Logger } from '../kernel/log.ts'
import { discard } from './discard.ts'
import { createHolds } from './holds.ts'
import { type NodeModulesCache, openNodeModulesCache } from './node-modules-cache.ts'

export interface BuildCachesOptions {
  /** Absolute; created if missing. */
  readonly dir: string
  /** Maximum size of one app's cache after a build; during a build, twice as much. */
  readonly appBytes: number
  /** Maximum size of all caches together. */
  readonly totalBytes: number
  /** Whether the disk has enough space for builds. */
  readonly hasRoom: () => boolean
  readonly log: Logger
}

/** The caches of one build. They can be evicted once this is disposed. */
export interface CacheLease extends Disposable {
  /** Shared by all apps: only for steps that run no code of the app. Absolute. */
  readonly shared: string
  /** Written and read by builds of this app only. Absolute. */
  readonly own: string
  readonly trees: NodeModulesCache
  /** Where builds of a micro of this app keep folders for each other; no sandbox contains it. Null without a scope. */
  keptDir(micro: string): string | null
}

export interface CacheUse {
  readonly bytes: number
  /** Bytes by app id. */
  readonly apps: ReadonlyMap<string, number>
}

/** A part that is evicted as a whole: `shared`, `apps/<id>`, `kept/<id>`, `trees/<key>`. */
interface Unit {
  readonly name: string
  readonly usedAtMs: number
}

/**
 * The caches that builds keep for later builds: `shared/`, `apps/<id>/`, `kept/<id>/`, `trees/<key>/`. Their size is limited per app
 * and in total. Above the total limit, the least recently used caches are evicted, but none that a running build uses.
 * Everything here can be downloaded or built again.
 */
export class BuildCaches implements AsyncDisposable {
  readonly #options: BuildCachesOptions
  readonly #holds = createHolds()
  /** Bytes by unit; measured after a build that used the unit, and for all units by the first `trim`. */
  readonly #sizes = new Map<string, number>()
  #work: Promise<unknown> = Promise.resolve()
  #isClosing = false

  /** Use `openBuildCaches`. */
  constructor(options: BuildCachesOptions) {
    this.#options = options
    for (const name of ['shared', 'apps']) mkdirSync(this.#path(name), { recursive: true })
  }

  get dir(): string {
    return this.#options.dir
  }

  get appBytes(): number {
    return this.#options.appBytes
  }

  /** `scope` is the app's id. Without it, the app's own cache is `fallback`, which the caller removes. */
  lease(scope: string | undefined, fallback: string): CacheLease {
    using held = new DisposableStack()
    held.use(this.#holds.hold('shared'))
    for (const unit of scope === undefined ? [] : unitsOf(scope)) held.use(this.#holds.hold(unit))
    const shared = this.#path('shared')
    const own = scope === undefined ? fallback : this.#path(appUnit(scope))
    for (const folder of [shared, own]) mkdirSync(folder, { recursive: true })
    const release = held.move()
    return {
      shared,
      own,
      trees: openNodeModulesCache(this.#path('trees'), this.#holds),
      keptDir: (micro) => (scope === undefined ? null : join(this.#path(keptUnit(scope)), micro)),
      [Symbol.dispose]: () => release.dispose(),
    }
  }

  /**
   * Call it after a build: marks its caches as used now, and empties the app's own cache if it is too large. The total
   * limit is enforced in the background (`trim`), so the developer does not wait for it.
   */
  async finishBuild(scope: string | undefined, onLine: (line: string) => void): Promise<void> {
    if (scope !== undefined) await this.#tolerate(() => this.#boundOwn(unitsOf(scope), onLine))
    this.#sizes.delete('shared')
    void this.#inTurn(async () => {
      await this.#stamp('shared')
      await this.#trim()
    })
  }

  /** Evicts until the disk has enough space for builds; false if it has too little even without caches. */
  async makeRoom(): Promise<boolean> {
    const { hasRoom } = this.#options
    if (!hasRoom()) await this.#tolerate(() => this.#evictUntil(hasRoom))
    return hasRoom()
  }

  /** Removes the cache of an app. */
  remove(scope: string): Promise<void> {
    return this.#tolerate(async () => {
      for (const unit of unitsOf(scope)) await this.#evict(unit)
    })
  }

  /** At start: removes the caches of deleted apps. */
  keepOnly(scopes: ReadonlySet<string>): Promise<void> {
    return this.#tolerate(async () => {
      for (const kind of APP_KINDS)
        for (const name of await namesIn(this.#path(kind)))
          if (!scopes.has(name)) await this.#evict(`${kind}/${name}`)
    })
  }

  /** Measures the units that have not been measured yet, and enforces the total limit. */
  trim(): Promise<void> {
    return this.#inTurn(() => this.#trim())
  }

  /** Sizes as last measured. */
  use(): CacheUse {
    const apps = new Map<string, number>()
    let total = 0
    for (const [unit, bytes] of this.#sizes) {
      total += bytes
      const app = basename(unit)
      if (APP_KINDS.includes(dirname(unit))) apps.set(app, (apps.get(app) ?? 0) + bytes)
    }
    return { bytes: total, apps }
  }

  /** Waits for the measurement that is running; the others are left to the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    await this.#work
  }

  /** One measurement at a time. */
  #inTurn(work: () => Promise<unknown>): Promise<void> {
    const done = this.#work.then(() => this.#tolerate(work))
    this.#work = done
    return done
  }

  /** Only logs a failure: a problem with a cache must not fail a build or a deletion. */
  async #tolerate(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.log.error('cannot clean up the build caches', {}, error)
    }
  }

  async #boundOwn(units: readonly string[], onLine: (line: string) => void): Promise<void> {
    const { appBytes } = this.#options
    let total = 0
    for (const unit of units) {
      await this.#stamp(unit)
      total += (await this.#measure(unit)) ?? Number.POSITIVE_INFINITY
    }
    if (total <= appBytes) return
    const evicted = []
    for (const unit of units) evicted.push(await this.#evict(unit))
    if (!evicted.includes(true)) return
    onLine(`The build cache of this app was larger than ${formatBytes(appBytes)} and has been emptied.`)
  }

  /** Marks a unit as used now. A build can set the time of its folder, so that time is not trusted. */
  async #stamp(unit: string): Promise<void> {
    const now = new Date()
    await utimes(this.#path(unit), now, now).catch(() => {})
  }

  /** Null when the unit cannot be measured completely: a build may hide what it wrote. */
  async #measure(unit: string): Promise<number | null> {
    const { bytes, isWhole } = await measureTree(this.#path(unit))
    this.#sizes.set(unit, bytes)
    return isWhole ? bytes : null
  }

  async #trim(): Promise<void> {
    const { totalBytes } = this.#options
    const names = new Set((await this.#list()).map(({ name }) => name))
    for (const known of this.#sizes.keys()) if (!names.has(known)) this.#sizes.delete(known)
    for (const name of names) {
      if (this.#isClosing) return
      if (!this.#sizes.has(name) && (await this.#measure(name)) === null) await this.#evict(name)
    }
    await this.#evictUntil(() => this.use().bytes <= totalBytes)
  }

  async #evictUntil(isEnough: () => boolean): Promise<void> {
    const oldestFirst = (await this.#list()).toSorted((a, b) => a.usedAtMs - b.usedAtMs)
    for (const { name } of oldestFirst) {
      if (isEnough()) return
      if (await this.#evict(name)) this.#options.log.info('evicted a build cache', { cache: name })
    }
  }

  async #evict(unit: string): Promise<boolean> {
    if (this.#holds.isHeld(unit)) return false
    const gone = discard(this.#path(unit), this.#options.dir)
    this.#sizes.delete(unit)
    await gone
    return true
  }

  async #list(): Promise<Unit[]> {
    const names = ['shared', ...(await this.#namesBelow([...APP_KINDS, 'trees']))]
    const units = await Promise.all(
      names.map(async (name) => {
        const found = await stat(this.#path(name)).catch(() => null)
        return found && { name, usedAtMs: found.mtimeMs }
      }),
    )
    return units.filter((unit) => unit !== null)
  }

  async #namesBelow(kinds: readonly string[]): Promise<string[]> {
    const names = kinds.map(async (kind) =>
      (await namesIn(this.#path(kind))).map((name) => `${kind}/${name}`),
    )
    return (await Promise.all(names)).flat()
  }

  #path(unit: string): string {
    return join(this.#options.dir, unit)
  }
}

export const openBuildCaches = (options: BuildCachesOptions): BuildCaches => new BuildCaches(options)

/** Folders with a folder for each app. */
const APP_KINDS: readonly string[] = ['apps', 'kept']

const keptUnit = (scope: string): string => `kept/${scope}`
const unitsOf = (scope: string): string[] => [appUnit(scope), keptUnit(scope)]

function appUnit(scope: string): string {
  if (!/^[\w-]+$/.test(scope)) throw new Error(`not a cache scope: ${scope}`)
  return `apps/${scope}`
}

const namesIn = (dir: string): Promise<string[]> => readdir(dir).catch(() => [])
