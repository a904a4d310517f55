import { DISK_FULL, formatBytes, measureTree } from '../disk/index.ts'
import type { BuildCaches } from './build-caches.ts'
import { BuildFailure } from './failure.ts'

export interface WorkBounds {
  /** Why the build has to end now, or null. */
  check(): Promise<BuildFailure | null>
}

export interface WorkBoundsOptions {
  /** Everything that the build writes but its cache. Absolute. */
  readonly workFolder: string
  readonly workBytes: number
  /** The app's own cache. Absolute. */
  readonly ownCache: string
  readonly caches: BuildCaches
}

/** What a build may take of the disk while it runs. */
export function createWorkBounds({ workFolder, workBytes, ownCache, caches }: WorkBoundsOptions): WorkBounds {
  // Emptied after the build when it is larger than one: a build that adds a little to a full cache still succeeds.
  const cacheBytes = caches.appBytes * 2
  return {
    async check() {
      if (!(await caches.makeRoom())) return new BuildFailure('system', DISK_FULL)
      if (await isWithin(workFolder, workBytes)) {
        if (await isWithin(ownCache, cacheBytes)) return null
        return tooMuch('its cache', cacheBytes, 'Download less; the cache is emptied now.')
      }
      return tooMuch(
        'its folder',
        workBytes,
        'Write less, or delete what the next command does not need. The bound is a setting of the server: --build-disk.',
      )
    },
  }
}

const isWithin = async (dir: string, bytes: number): Promise<boolean> =>
  bytes === Number.POSITIVE_INFINITY || (await measureTree(dir, bytes)).isWhole

const tooMuch = (where: string, bytes: number, remedy: string) =>
  new BuildFailure(
    'user',
    `The build wrote more than ${formatBytes(bytes)} into ${where}, or folders too deep to be measured. ${remedy}`,
  )
