import { DISK_FULL, formatBytes, measureTree } from '../disk/index.ts'
import type { BuildCaches } from './build-caches.ts'
import { BuildFailure } from './failure.ts'

export interface WorkBounds {
  /** Why the build must stop now, or null. */
  check(): Promise<BuildFailure | null>
}

export interface WorkBoundsOptions {
  /** Contains everything that the build writes except its cache. Absolute. */
  readonly workFolder: string
  readonly workBytes: number
  /** The app's own cache. Absolute. */
  readonly ownCache: string
  readonly caches: BuildCaches
}

/** Limits the disk usage of a running build. */
export function createWorkBounds({ workFolder, workBytes, ownCache, caches }: WorkBoundsOptions): WorkBounds {
  // Twice the limit, so that a build that adds a little to a full cache succeeds. The cache is emptied after the build.
  const cacheBytes = caches.appBytes * 2
  return {
    async check() {
      if (!(await caches.makeRoom())) return new BuildFailure('system', DISK_FULL)
      if (await isWithin(workFolder, workBytes)) {
        if (await isWithin(ownCache, cacheBytes)) return null
        return tooMuch(
          'its cache',
          cacheBytes,
          'The cache has been emptied. Download less, then run: space push',
        )
      }
      return tooMuch(
        'its folder',
        workBytes,
        'Write less, or delete files that the next command does not need. The server administrator can raise the limit with --build-disk.',
      )
    },
  }
}

/** Throws BuildFailure when the build must stop now. */
export async function requireWithin(bounds: WorkBounds): Promise<void> {
  const reason = await bounds.check()
  if (reason) throw reason
}

const isWithin = async (dir: string, bytes: number): Promise<boolean> =>
  bytes === Number.POSITIVE_INFINITY || (await measureTree(dir, bytes)).isWhole

const tooMuch = (where: string, bytes: number, remedy: string) =>
  new BuildFailure(
    'user',
    `The build wrote more than ${formatBytes(bytes)} into ${where}, or paths that are too long to be measured. ${remedy}`,
  )
