import { join } from 'node:path'
import {
  type BuildCaches,
  type BuildInput,
  type BuildResult,
  type BuildDeps,
  buildRevision,
  digestTree,
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

/** Builds with the runner and the caches. `isSandboxed`: whether apps run without access to their revision's files. */
export async function createBuilder(
  { limits, disk: { buildBytes } }: ServerConfig,
  { runner, caches, isSandboxed }: { runner: BuildRunner; caches: BuildCaches; isSandboxed: boolean },
): Promise<(input: BuildInput) => Promise<BuildResult>> {
  const deps: BuildDeps = {
    runner,
    caches,
    workBytes: buildBytes,
    limits: limits.builds,
    toolsKey: await describeBuilder(),
    areRevisionsReadOnly: isSandboxed,
  }
  return (input) => buildRevision(input, deps)
}

/** After an update of the builder, or of what it runs, every micro is built again. */
async function describeBuilder(): Promise<string> {
  return JSON.stringify([await digestTree(join(import.meta.dir, '../builds')), process.version])
}
