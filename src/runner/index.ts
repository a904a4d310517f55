/**
 * The runner: micros as sandboxed processes. Owns start, readiness, sleep, limits and captured output of micros, and
 * the sandbox that builds share. Knows nothing of HTTP, of people or of the database. Start reading at `port.ts`: other
 * modules use the runner through that interface. `local/` implements it with processes of this machine.
 */
export type { BuildCommand, BuildCommandResult } from './build-spec.ts'
export type { DataDoor, TrustFiles } from './data-door.ts'
export { SPACE_HOSTS } from './local/sandbox/space-hosts.ts'
export {
  BUILD_LIMITS as BUILD_RUN_LIMITS,
  type BuildRunLimits,
  MICRO_LIMITS,
  type MicroLimits,
} from './limits.ts'
export { type LocalRunner, createLocalRunner } from './local/local-runner.ts'
export type { LocalRunnerOptions } from './local/options.ts'
export { type ProgramName, type ProgramVersions, probePrograms } from './local/probe-programs.ts'
export { pickBuildEnvironment } from './local/process/environment.ts'
export { type DetectOptions, detectSandbox } from './local/sandbox/detect.ts'
export type { Sandbox, SandboxStatus } from './local/sandbox/sandbox.ts'
export type { LoopbackRoute, MicroProcessSpec, OwnHost } from './micro-spec.ts'
export { type ProcessRef, processKey } from './process-ref.ts'
export type { HeldTools, Tool } from './tool.ts'
export type {
  BuildRunner,
  LogEntry,
  LogQuery,
  LogStream,
  MicroExit,
  MicroLogs,
  MicroRunner,
  MicroStatus,
  ProvideTools,
  Runner,
  StartOptions,
  StartResult,
} from './port.ts'
