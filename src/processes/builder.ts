import { join } from 'node:path'
import {
  type BuildCaches,
  type BuildInput,
  type BuildResult,
  buildRevision,
  discardTornCaches,
  openBuildCaches,
  openToolStore,
  type ToolStore,
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

/** Opens the tools that builds and micros use, and removes what an interrupted fetch has left. */
export async function openTools(
  { dataDir, disk: { toolsBytes } }: ServerConfig,
  disk: Pick<DiskGuard, 'hasRoom'>,
  log: Logger,
): Promise<ToolStore> {
  const dir = join(dataDir, 'cache/tools')
  const tools = openToolStore({ dir, totalBytes: toolsBytes, hasRoom: disk.hasRoom, log, now: Date.now })
  await tools.tidy()
  return tools
}

/** Builds with the runner and the caches. */
export function createBuilder(
  { limits, disk: { buildBytes } }: ServerConfig,
  { runner, caches, tools }: { runner: BuildRunner; caches: BuildCaches; tools: ToolStore },
): (input: BuildInput) => Promise<BuildResult> {
  return (input) =>
    buildRevision(input, { runner, caches, tools, workBytes: buildBytes, limits: limits.builds })
}
