const MB = 1_000_000

/** Every bound of a build in one place. */
export const BUILD_LIMITS = {
  /** Files in an upload; projects without their dependencies have hundreds. */
  archiveEntries: 20_000,
  /** All files of an upload together, unpacked: five micros of 250 MB (COMPAT 4.2) share what one may have. */
  archiveBytes: 250 * MB,
  /** Unpacked to packed, beyond the first `archiveRatioFromBytes`; source text is at 3 to 10, DEFLATE ends at 1,032. */
  archiveRatio: 200,
  archiveRatioFromBytes: 20 * MB,
  pathBytes: 1_000,
  segmentBytes: 255,
  pathDepth: 50,
  /** A micro without and in its dependencies (COMPAT 4.2 allows 250 MB each; ours counts unpacked files on disk). */
  packageBytes: 250 * MB,
  dependencyBytes: 500 * MB,
  /** Files, folders and links of one micro; a large project's dependencies have 100,000. */
  shippedFiles: 300_000,
  installMs: 10 * 60_000,
  commandsMs: 20 * 60_000,
  /** Installed dependencies that are kept for the next build: how many, and how large each. */
  keptTrees: 20,
  keptTreeBytes: 100 * MB,
  /** A log line is cut here; clients read lines of up to 64 KiB (COMPAT 3.5). */
  logLineLength: 8_000,
  /** Files that get a compressed sibling, and their sizes. */
  compressFiles: 5_000,
  compressFromBytes: 1_000,
  compressToBytes: 8 * MB,
  lockfileBytes: 16 * MB,
  /** A package.json that is read to find out how an app starts. */
  packageJsonBytes: 1 * MB,
} as const

/** Those that an operator may move. */
export type BuildLimits = {
  readonly [
    Bound in
      | 'archiveEntries'
      | 'archiveBytes'
      | 'packageBytes'
      | 'dependencyBytes'
      | 'shippedFiles'
      | 'installMs'
      | 'commandsMs'
  ]: number
}
