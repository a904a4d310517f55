/**
 * The runtime: micros as sandboxed processes. Owns start, readiness, sleep, wake, limits and captured output,
 * and the sandbox that builds share. Knows nothing of HTTP, of people or of the database.
 */
export { createBuildRunner } from './local/build-command.ts'
export type { RunBuildCommand } from './local/build-command.ts'
export { MICRO_LIMITS } from './limits.ts'
export type { LogQuery } from './local/logs/log-files.ts'
export { pickBuildEnvironment } from './local/process/environment.ts'
export { detectSandbox } from './local/sandbox/detect.ts'
export type { DetectOptions } from './local/sandbox/detect.ts'
export type { Sandbox } from './local/sandbox/sandbox.ts'
export { createLocalRunner } from './local/local-runner.ts'
export type { Supervisor } from './local/local-runner.ts'
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
  LocalRunnerOptions,
} from './types.ts'
