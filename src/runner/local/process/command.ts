import type { Mount } from '../sandbox/bwrap-args.ts'
import type { Reach } from '../sandbox/closed-addresses.ts'
import type { OwnHost } from '../../types.ts'

/** What to run and with which bounds; the same behind walls and without. */
export interface Command {
  /** Shell text of the app. */
  readonly script: string
  /** The app's folder: `/app` inside. */
  readonly dir: Mount
  readonly otherMounts: readonly Mount[]
  readonly env: Readonly<Record<string, string>>
  /** Whose host user it runs as when the server is root. */
  readonly owner: string
  readonly inbound: boolean
  readonly ownHost: OwnHost | null
  readonly reach: Reach
  readonly limits: CommandLimits
  /** Aborted when the command is not wanted any more while its sandbox is being built. */
  readonly cancel?: AbortSignal
}

export interface CommandLimits {
  readonly memoryBytes: number
  readonly tmpBytes: number
  readonly processes: number
  /** Of one file; missing: no bound. */
  readonly fileBytes?: number
  readonly cpuWeight: number
  readonly setUpMs: number
}
