/**
 * The runtime: micros as sandboxed processes. Owns start, readiness, sleep, wake, limits and captured output,
 * and the sandbox that builds share. Knows nothing of HTTP, of people or of the database.
 */
export type {
  BuildCommand,
  BuildCommandResult,
  MicroProcessSpec,
  SandboxStatus,
  StartResult,
} from './types.ts'
