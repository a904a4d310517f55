import type { MicroExit, MicroProcessSpec, MicroStatus, StartResult } from '../runtime/index.ts'

/** What of the runtime's supervisor is needed here. */
export interface MicroRunner {
  /** Resolves once it listens or has failed; calls for a process that starts or runs share its answer. */
  ensureRunning(spec: MicroProcessSpec): Promise<StartResult>
  /** Resolves when it is gone; does nothing when it does not run. */
  stop(id: string): Promise<void>
  /** Called with every process that ended, for whatever reason. */
  onExit(listener: (exit: MicroExit) => void): void
  status(id: string): MicroStatus
}
