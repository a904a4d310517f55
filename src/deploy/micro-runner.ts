import type { MicroProcessSpec, StartResult } from '../runtime/index.ts'

/** What of the runtime's supervisor is needed here. */
export interface MicroRunner {
  /** Resolves once it listens or has failed; calls for a process that starts or runs share its answer. */
  start(spec: MicroProcessSpec): Promise<StartResult>
  /** Resolves when it is gone; does nothing when it does not run. */
  stop(id: string): Promise<void>
  /** Called with the id of every process that ended, for whatever reason. */
  onExit(listener: (id: string) => void): void
  state(id: string): 'running' | 'starting' | 'crashed' | 'asleep'
}
