/**
 * The runtime: micros as sandboxed processes. Owns start, readiness, sleep, wake, limits and captured output,
 * and the sandbox that builds share. Knows nothing of HTTP, of people or of the database.
 */
export { createBuildRunner } from './build-command.ts'
export type { RunBuildCommand } from './build-command.ts'
export { MICRO_LIMITS } from './limits.ts'
export type { LogQuery } from './logs/log-files.ts'
export { pickBuildEnvironment } from './process/environment.ts'
export { detectSandbox } from './sandbox/detect.ts'
export type { DetectOptions } from './sandbox/detect.ts'
export type { Sandbox } from './sandbox/sandbox.ts'
export { createSupervisor } from './supervisor.ts'
export type { Supervisor } from './supervisor.ts'
export type {
  BuildCommand,
  BuildCommandResult,
  BuildRunnerOptions,
  LogEntry,
  LogStream,
  MicroExit,
  MicroProcessSpec,
  MicroStatus,
  Door,
  OwnHost,
  RuntimeLimits,
  SandboxStatus,
  StartOptions,
  StartResult,
  SupervisorOptions,
} from './types.ts'
