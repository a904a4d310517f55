const MB = 1024 * 1024

/** Limits of one micro; COMPAT 4.2. */
export interface MicroLimits {
  readonly memoryBytes: number
  /** Size of /tmp, which lives in memory and is counted in addition to `memoryBytes`. */
  readonly tmpBytes: number
  /** Processes and threads together. */
  readonly processes: number
  /** CPU weight of the instance relative to others, where control groups are available; 100 is the default. */
  readonly cpuWeight: number
  /** Time to set up the sandbox, before the app itself starts. */
  readonly setUpMs: number
  /** A micro whose server has been stopped (SIGSTOP) for this long is killed. */
  readonly stoppedMs: number
  /** From the start until the micro listens. */
  readonly startTimeoutMs: number
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number
  /** A log is rotated at this size. The previous file is kept, so a micro uses at most twice this size. */
  readonly logBytes: number
}

/** COMPAT 4.2; the start timeout is long because a slow disk or a large framework is not the app's fault. */
export const MICRO_LIMITS: MicroLimits = Object.freeze({
  memoryBytes: 512 * MB,
  tmpBytes: 512 * MB,
  processes: 1024,
  cpuWeight: 100,
  setUpMs: 30_000,
  stoppedMs: 5_000,
  startTimeoutMs: 60_000,
  stopGraceMs: 5_000,
  logBytes: 4 * MB,
})

/** Limits of one build command. */
export interface BuildRunLimits extends Pick<
  MicroLimits,
  'memoryBytes' | 'tmpBytes' | 'processes' | 'cpuWeight' | 'setUpMs' | 'stopGraceMs'
> {
  /** Lines that reach the build log; further lines are counted, and only the last of them are logged. */
  readonly lines: number
}

/** Bundlers and compilers need several times the memory of the finished app. */
export const BUILD_LIMITS: BuildRunLimits = Object.freeze({
  memoryBytes: 4096 * MB,
  tmpBytes: 2048 * MB,
  processes: 4096,
  // A build can wait; a person who uses an app should not have to.
  cpuWeight: 20,
  setUpMs: MICRO_LIMITS.setUpMs,
  stopGraceMs: 1_000,
  lines: 20_000,
})

/** Longer lines are split into pieces of this size. */
export const MAX_LINE_CHARACTERS = 8_192
