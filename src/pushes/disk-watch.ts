import type { BuildCaches, ToolStore } from '../builds/index.ts'
import { type DiskGuard, formatBytes, isNearlyFull } from '../disk/index.ts'
import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'

const PAUSE_MS = 60_000
const WARN_EVERY_MS = 60 * 60_000

export interface DiskWatchOptions {
  readonly disk: DiskGuard
  readonly caches: Pick<BuildCaches, 'makeRoom'>
  readonly tools: Pick<ToolStore, 'makeRoom'>
  readonly log: Logger
  readonly now: () => number
}

/** Every minute: evicts caches and tools when space is short, makes the reserve again, and warns when the disk is nearly full. */
export function startDiskWatch(options: DiskWatchOptions): AsyncDisposable {
  const look = createDiskLook(options)
  return startPeriodic({
    pauseMs: PAUSE_MS,
    run: look,
    onError: (error) => options.log.error('cannot look at the disk', {}, error),
  })
}

/** One look at the disk; exported for its test. */
export function createDiskLook({ disk, caches, tools, log, now }: DiskWatchOptions): () => Promise<void> {
  let warnedMs = Number.NEGATIVE_INFINITY
  return async () => {
    if (!(await caches.makeRoom())) await tools.makeRoom()
    await disk.replenish()
    const space = disk.space()
    if (!isNearlyFull(space) || now() - warnedMs < WARN_EVERY_MS) return
    warnedMs = now()
    log.warn('the disk is nearly full; delete apps that are not needed, or free space', {
      used: `${Math.floor(space.usedShare * 100)}%`,
      left: formatBytes(space.availableBytes),
    })
  }
}
