import type { RuntimeLimits } from './types.ts'

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
})

/** Bundlers and compilers take several times what the finished app does. */
export const BUILD_LIMITS = Object.freeze({
  memoryBytes: 4096 * MB,
  tmpBytes: 2048 * MB,
  processes: 4096,
  // A build can wait, a person who uses an app does not want to.
  cpuWeight: 20,
  setUpMs: MICRO_LIMITS.setUpMs,
  stopGraceMs: 1_000,
})

/** Lines of a build that reach its log; what follows is counted, not kept. */
export const MAX_BUILD_LINES = 20_000

/** A longer line is kept in pieces of this size. */
export const MAX_LINE_CHARACTERS = 8_192

/** A micro's log is cut over at this size; the piece before it is kept, so a micro holds at most twice as much. */
export const MAX_LOG_BYTES = 4 * MB
