import { readCount, readSize } from './gateway-limits.ts'

/** How much of the disk builds, caches and revisions may use. */
export interface DiskLimits {
  /** Of one running build, without its cache; infinite: no limit. */
  readonly buildBytes: number
  /** Of the cache of one app; infinite: no limit. */
  readonly appCacheBytes: number
  /** Of all caches of builds together; infinite: no limit. */
  readonly cachesBytes: number
  /** Of all tools that were fetched for builds, such as versions of Node; infinite: no limit. */
  readonly toolsBytes: number
  /** With less than this free, uploads and builds are refused. */
  readonly minFreeBytes: number
  /** Kept for the database on a full disk; 0: none. */
  readonly reserveBytes: number
  /** Of each app, besides the one that serves. */
  readonly keptRevisions: number
}

type Setting = (
  name:
    | 'build-disk'
    | 'app-cache'
    | 'build-caches'
    | 'tools-cache'
    | 'min-free'
    | 'disk-reserve'
    | 'keep-revisions',
) => string | undefined

/** Throws ConfigError. */
export function readDiskLimits(setting: Setting): DiskLimits {
  const bound = (flag: Parameters<Setting>[0], byDefault: string) =>
    readSize(flag, setting(flag) ?? byDefault) || Number.POSITIVE_INFINITY
  return {
    buildBytes: bound('build-disk', '4gb'),
    appCacheBytes: bound('app-cache', '2gb'),
    cachesBytes: bound('build-caches', '10gb'),
    toolsBytes: bound('tools-cache', '2gb'),
    minFreeBytes: readSize('min-free', setting('min-free') ?? '256mb'),
    reserveBytes: readSize('disk-reserve', setting('disk-reserve') ?? '64mb'),
    keptRevisions: readCount('keep-revisions', setting('keep-revisions') ?? '10'),
  }
}
