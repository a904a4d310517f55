import { formatBytes } from '../../../disk/index.ts'
import { MICRO_PORT } from '../sandbox/pasta-args.ts'
import type { CommandLimits } from './command.ts'
import type { ExitStatus } from './running-process.ts'

const MB = 1024 * 1024

/** Describes an exit for people: `exited with code 1`. `hint`: the cause, if it is known. */
export function describeExit(status: ExitStatus, limits: CommandLimits, hint: string | null = null): string {
  if (status.because) return status.because
  if (status.outOfMemory) return `ran out of memory (limit ${limits.memoryBytes / MB} MB)`
  if (status.signal === 'SIGXFSZ' && limits.fileBytes !== undefined)
    return `wrote a file larger than ${formatBytes(limits.fileBytes)}`
  if (status.signal) return `was terminated by ${status.signal}`
  if (status.code !== 0 && hint !== null) return `exited with code ${status.code}: ${hint}`
  if (status.code === 127) return 'exited with code 127: a command was not found'
  return `exited with code ${status.code}`
}

/** Describes why a running micro cannot be reached, and what to do. */
export function describeSilence(elsewhere: readonly string[], timeoutMs: number): string {
  if (elsewhere.includes(`[::1]:${MICRO_PORT}`))
    return `listens on ::1 only (port ${MICRO_PORT}), where no request can reach it. Listen on 0.0.0.0 or ::`
  return elsewhere.length > 0
    ? `listens on ${elsewhere.join(', ')}, but did not listen on $PORT (${MICRO_PORT}) within ${seconds(timeoutMs)}. Change it to listen on the port in the PORT environment variable`
    : `did not listen on $PORT within ${seconds(timeoutMs)}`
}

/** `0.3 s`, `60 s`. */
export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
