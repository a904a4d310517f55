import { join } from 'node:path'
import {
  type BuildCaches,
  type BuildInput,
  type BuildResult,
  buildRevision,
  discardTornCaches,
  openBuildCaches,
} from '../builds/index.ts'
import type { ServerConfig } from '../config/index.ts'
import type { DiskGuard } from '../disk/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { BuildRunner } from '../runner/index.ts'

/** Opens the build caches, without those that a power cut may have left half written. */
export async function openCaches(
  { dataDir, disk: { appCacheBytes, cachesBytes } }: ServerConfig,
  disk: Pick<DiskGuard, 'hasRoom'>,
  log: Logger,
): Promise<BuildCaches> {
  const dir = join(dataDir, 'cache')
  const { names, isDeleted } = await discardTornCaches(dir)
  if (names.length > 0) log.warn('build caches may be torn and start empty', { names: names.join(' ') })
  isDeleted.catch((error: unknown) => log.error('cannot delete old build caches', {}, error))
  return openBuildCaches({
    dir,
    appBytes: appCacheBytes,
    totalBytes: cachesBytes,
    hasRoom: disk.hasRoom,
    log,
  })
}

/** Builds with the runner and the caches. */
export function createBuilder(
  { limits, disk: { buildBytes } }: ServerConfig,
  runner: BuildRunner,
  caches: BuildCaches,
): (input: BuildInput) => Promise<BuildResult> {
  return (input) => buildRevision(input, { runner, caches, workBytes: buildBytes, limits: limits.builds })
}
