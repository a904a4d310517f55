import { stat } from 'node:fs/promises'
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
  openToolStore,
  type ToolStore,
} from '../builds/index.ts'
import type { ServerConfig } from '../config/index.ts'
import type { DiskGuard } from '../disk/index.ts'
import type { Logger } from '../kernel/log.ts'

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

interface BuilderParts extends Pick<BuildDeps, 'runner' | 'caches' | 'tools'> {
  /** Whether apps run without access to their revision's files. */
  readonly isSandboxed: boolean
}

/** Builds with the runner, the caches and the tools. */
export async function createBuilder(
  { limits, disk: { buildBytes } }: ServerConfig,
  { isSandboxed, ...parts }: BuilderParts,
): Promise<(input: BuildInput) => Promise<BuildResult>> {
  const deps: BuildDeps = {
    ...parts,
    workBytes: buildBytes,
    limits: limits.builds,
    toolsKey: await describeBuilder(),
    areRevisionsReadOnly: isSandboxed,
  }
  return (input) => buildRevision(input, deps)
}

/** After an update of the builder, or of the machine's Node that it runs, every micro is built again. */
async function describeBuilder(): Promise<string> {
  const node = Bun.which('node')
  const { size, mtimeMs } = node === null ? { size: 0, mtimeMs: 0 } : await stat(node)
  return JSON.stringify([
    await digestTree(join(import.meta.dir, '../builds')),
    process.version,
    { node, size, mtimeMs },
  ])
}
