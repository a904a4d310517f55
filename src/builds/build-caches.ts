import { mkdirSync } from 'node:fs'
import { readdir, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { formatBytes, measureTree } from '../disk/index.ts'
import type { Logger } from '../kernel/log.ts'
import { discard } from './discard.ts'
import { createHolds } from './holds.ts'
import { type NodeModulesCache, openNodeModulesCache } from './node-modules-cache.ts'

export interface BuildCachesOptions {
  /** Absolute; made when missing. */
  readonly dir: string
  /** Most that the cache of one app keeps after a build; while a build runs, twice as much. */
  readonly appBytes: number
  /** Most that all caches together keep. */
  readonly totalBytes: number
  /** Whether the disk has room for builds. */
  readonly hasRoom: () => boolean
  readonly log: Logger
}

/** The caches of one build. Disposing lets them be evicted. */
export interface CacheLease extends Disposable {
  /** Shared by all apps: only for steps that run no code of the app. Absolute. */
  readonly shared: string
  /** Written and read by builds of this app only. Absolute. */
  readonly own: string
  readonly trees: NodeModulesCache
}

export interface CacheUse {
  readonly bytes: number
  /** By the app's id. */
  readonly apps: ReadonlyMap<string, number>
}

/** What can be evicted by itself: `shared`, `apps/<id>`, `trees/<key>`. */
interface Unit {
  readonly name: string
  readonly usedAtMs: number
}

/**
 * What builds keep for the next one: `shared/`, `apps/<id>/`, `trees/<key>/`. Bounded per app and in all; beyond that
 * the caches that were used least recently are evicted, and never one that a running build uses. Everything here can
 * be downloaded or built again.
 */
export class BuildCaches implements AsyncDisposable {
  readonly #options: BuildCachesOptions
  readonly #holds = createHolds()
  /** By unit; measured when its build ends, and all at the first look. */
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

  /** `scope` is the app's id; without it the app's own cache is `fallback`, which the caller removes. */
  lease(scope: string | undefined, fallback: string): CacheLease {
    using held = new DisposableStack()
    held.use(this.#holds.hold('shared'))
    if (scope !== undefined) held.use(this.#holds.hold(appUnit(scope)))
    const shared = this.#path('shared')
    const own = scope === undefined ? fallback : this.#path(appUnit(scope))
    for (const folder of [shared, own]) mkdirSync(folder, { recursive: true })
    const release = held.move()
    return {
      shared,
      own,
      trees: openNodeModulesCache(this.#path('trees'), this.#holds),
      [Symbol.dispose]: () => release.dispose(),
    }
  }

  /**
   * After a build: its caches were used now, and an app's own that is too large is emptied. What is too much over all
   * apps is evicted later (`trim`): the developer does not wait for that.
   */
  async settle(scope: string | undefined, onLine: (line: string) => void): Promise<void> {
    if (scope !== undefined) await this.#tolerate(() => this.#boundOwn(appUnit(scope), onLine))
    this.#sizes.delete('shared')
    void this.#inTurn(async () => {
      await this.#stamp('shared')
      await this.#trim()
    })
  }

  /** Evicts until the disk has room for builds; false when it has none without any cache either. */
  async makeRoom(): Promise<boolean> {
    const { hasRoom } = this.#options
    if (!hasRoom()) await this.#tolerate(() => this.#evictUntil(hasRoom))
    return hasRoom()
  }

  /** Removes the cache of an app. */
  remove(scope: string): Promise<void> {
    return this.#tolerate(() => this.#evict(appUnit(scope)))
  }

  /** At start: removes caches of apps that are gone. */
  keepOnly(scopes: ReadonlySet<string>): Promise<void> {
    return this.#tolerate(async () => {
      for (const name of await namesIn(this.#path('apps')))
        if (!scopes.has(name)) await this.#evict(`apps/${name}`)
    })
  }

  /** Measures what was not measured yet, and evicts what is too much. */
  trim(): Promise<void> {
    return this.#inTurn(() => this.#trim())
  }

  /** As last measured. */
  use(): CacheUse {
    const sizes = [...this.#sizes]
    const apps = sizes.filter(([name]) => name.startsWith('apps/'))
    return {
      bytes: sizes.reduce((sum, [, bytes]) => sum + bytes, 0),
      apps: new Map(apps.map(([name, bytes]) => [basename(name), bytes])),
    }
  }

  /** Waits for the measurement under way; the others are left to the next start. */
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

  /** A failure is logged: a cache is no reason for a build or a deletion to fail. */
  async #tolerate(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.log.error('build caches could not be tidied', {}, error)
    }
  }

  async #boundOwn(unit: string, onLine: (line: string) => void): Promise<void> {
    const { appBytes } = this.#options
    await this.#stamp(unit)
    const bytes = await this.#measure(unit)
    if ((bytes !== null && bytes <= appBytes) || !(await this.#evict(unit))) return
    onLine(`The build cache of this app was larger than ${formatBytes(appBytes)} and has been emptied.`)
  }

  /** Says that it was used now. The time that a build left on its folder is not believed. */
  async #stamp(unit: string): Promise<void> {
    const now = new Date()
    await utimes(this.#path(unit), now, now).catch(() => {})
  }

  /** Null when not all of it can be measured: a build may hide what it wrote. */
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
    const names = [
      'shared',
      ...(await namesIn(this.#path('apps'))).map((name) => `apps/${name}`),
      ...(await namesIn(this.#path('trees'))).map((key) => `trees/${key}`),
    ]
    const units = await Promise.all(
      names.map(async (name) => {
        const found = await stat(this.#path(name)).catch(() => null)
        return found && { name, usedAtMs: found.mtimeMs }
      }),
    )
    return units.filter((unit) => unit !== null)
  }

  #path(unit: string): string {
    return join(this.#options.dir, unit)
  }
}

export const openBuildCaches = (options: BuildCachesOptions): BuildCaches => new BuildCaches(options)

function appUnit(scope: string): string {
  if (!/^[\w-]+$/.test(scope)) throw new Error(`not a cache scope: ${scope}`)
  return `apps/${scope}`
}

const namesIn = (dir: string): Promise<string[]> => readdir(dir).catch(() => [])
