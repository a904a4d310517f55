import { BUILD_RUN_LIMITS, type BuildRunLimits } from '../runner/index.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'

/** What limits a build and what builds leave, for people; infinite: no limit. */
export interface BuildBounds {
  readonly buildBytes: number
  readonly memoryBytes: number
  readonly processes: number
  readonly installMs: number
  readonly commandsMs: number
  readonly outputLines: number
  readonly appCacheBytes: number
  readonly cachesBytes: number
  readonly toolsBytes: number
}

type DiskBounds = Pick<BuildBounds, 'buildBytes' | 'appCacheBytes' | 'cachesBytes' | 'toolsBytes'>

/** Joins the settings of a server with the defaults. */
export function buildBoundsOf(
  { buildBytes, appCacheBytes, cachesBytes, toolsBytes }: DiskBounds,
  runs: Partial<BuildRunLimits>,
  builds: Partial<BuildLimits>,
): BuildBounds {
  const { memoryBytes, processes, lines } = { ...BUILD_RUN_LIMITS, ...runs }
  const { installMs, commandsMs } = { ...BUILD_LIMITS, ...builds }
  return {
    buildBytes,
    appCacheBytes,
    cachesBytes,
    toolsBytes,
    memoryBytes,
    processes,
    installMs,
    commandsMs,
    outputLines: lines,
  }
}
