import type { BuildRunLimits, RuntimeLimits } from './types.ts'

const MB = 1024 * 1024

/** COMPAT 4.2; the start is generous, because a cold disk and a large framework are no fault of the app. */
export const MICRO_LIMITS: RuntimeLimits = Object.freeze({
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

/** Bundlers and compilers take several times what the finished app does. */
export const BUILD_LIMITS: BuildRunLimits = Object.freeze({
  memoryBytes: 4096 * MB,
  tmpBytes: 2048 * MB,
  processes: 4096,
  // A build can wait, a person who uses an app does not want to.
  cpuWeight: 20,
  setUpMs: MICRO_LIMITS.setUpMs,
  stopGraceMs: 1_000,
  lines: 20_000,
})

/** A longer line is kept in pieces of this size. */
export const MAX_LINE_CHARACTERS = 8_192
