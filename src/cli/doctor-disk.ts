import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ServerConfig } from '../config/index.ts'
import { diskSpace, formatBytes, isNearlyFull, measureTree } from '../disk/index.ts'
import { type Cli, sayDone, sayNotice } from './context.ts'

export interface DiskReport {
  /** Null: there is room for pushes. */
  readonly fault: string | null
  readonly total_bytes: number
  readonly available_bytes: number
  readonly used_share: number
  readonly build_caches_bytes: number
  readonly tools_bytes: number
}

/** Prints how full the disk of the data folder is, and the size of the build caches. */
export async function checkDisk(cli: Cli, { dataDir, disk }: ServerConfig): Promise<DiskReport> {
  const space = diskSpace(existing(dataDir))
  const { bytes: tools } = await measureTree(join(dataDir, 'cache/tools'))
  const bytes = (await measureTree(join(dataDir, 'cache'))).bytes - tools
  const left = formatBytes(space.availableBytes)
  const line = `${dataDir}: ${left} of ${formatBytes(space.totalBytes)} free; build caches take ${formatBytes(bytes)}, fetched tools ${formatBytes(tools)}`
  if (isNearlyFull(space)) sayNotice(cli, `${line}. Delete unused apps, or free disk space.`)
  else sayDone(cli, line)
  const isShort = space.availableBytes < disk.minFreeBytes
  return {
    fault: isShort
      ? `The disk of ${dataDir} has ${left} left; the server rejects pushes below ${formatBytes(disk.minFreeBytes)} (--min-free). Delete unused apps, or free disk space.`
      : null,
    total_bytes: space.totalBytes,
    available_bytes: space.availableBytes,
    used_share: space.usedShare,
    build_caches_bytes: bytes,
    tools_bytes: tools,
  }
}

/** The folder, or before the first start its nearest existing parent. */
const existing = (dir: string): string => (existsSync(dir) ? dir : existing(dirname(dir)))
