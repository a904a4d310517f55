const MB = 1_000_000

/** All limits of a build. */
export const BUILD_LIMITS = {
  /** Files in an upload; projects without their dependencies have hundreds. */
  archiveEntries: 20_000,
  /** All files of an upload together, unpacked: all micros together may have the 250 MB of one micro (COMPAT 4.2). */
  archiveBytes: 250 * MB,
  /** Unpacked to packed size, above `archiveRatioFromBytes`; source text has 3 to 10, the maximum of DEFLATE is 1,032. */
  archiveRatio: 200,
  archiveRatioFromBytes: 20 * MB,
  pathBytes: 1_000,
  segmentBytes: 255,
  pathDepth: 50,
  /** Of a micro without its dependencies, and of its dependencies (COMPAT 4.2: 250 MB each; we count unpacked files). */
  packageBytes: 250 * MB,
  dependencyBytes: 500 * MB,
  /** Files, folders and links of one micro; the dependencies of a large project have 100,000. */
  microFiles: 300_000,
  installMs: 10 * 60_000,
  commandsMs: 20 * 60_000,
  /** Installed dependencies that are kept for later builds: maximum number, and maximum size of each. */
  keptTrees: 20,
  keptTreeBytes: 100 * MB,
  /** Longer log lines are truncated; clients read lines of up to 64 KiB (COMPAT 3.5). */
  logLineLength: 8_000,
  /** Maximum number of files that get a compressed copy, and the minimum and maximum size of such a file. */
  compressFiles: 5_000,
  compressFromBytes: 1_000,
  compressToBytes: 8 * MB,
  /** Largest script whose line ends are converted. */
  scriptBytes: 1 * MB,
  lockfileBytes: 16 * MB,
  /** Largest package.json that is read to find out how an app starts. */
  packageJsonBytes: 1 * MB,
} as const

/** The limits that an operator can set. */
export type BuildLimits = {
  readonly [
    Bound in
      | 'archiveEntries'
      | 'archiveBytes'
      | 'packageBytes'
      | 'dependencyBytes'
      | 'microFiles'
      | 'installMs'
      | 'commandsMs'
  ]: number
}
