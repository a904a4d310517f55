import type { InstanceId } from '../ids.ts'

/** Captured output of an instance's micros, as the runtime keeps it. */
export interface MicroLogs {
  /** Newest first. `micro` null: of all. */
  tail(instance: InstanceId, options: { micro: string | null; limit: number }): Promise<MicroLogLine[]>
}

export interface MicroLogLine {
  readonly micro: string
  readonly stream: string
  readonly timeMs: number
  readonly text: string
}
