import type { Mount } from '../sandbox/bwrap-args.ts'
import type { Reach } from '../sandbox/closed-addresses.ts'
import type { OwnHost } from '../../micro-spec.ts'

/** What to run and with which limits; the same with and without a sandbox. */
export interface Command {
  /** Shell text of the app. */
  readonly script: string
  /** The app's folder: `/app` inside. */
  readonly dir: Mount
  readonly otherMounts: readonly Mount[]
  readonly env: Readonly<Record<string, string>>
  /** An instance or a cache; each owner has its own host user when the server runs as root. */
  readonly owner: string
  readonly inbound: boolean
  readonly ownHost: OwnHost | null
  /** Where the process that serves Base and Drive listens for sandboxes; missing: nowhere. */
  readonly dataSocket?: string
  readonly reach: Reach
  readonly limits: CommandLimits
  /** Aborted when the command is no longer needed while its sandbox is being set up. */
  readonly cancel?: AbortSignal
}

export interface CommandLimits {
  readonly memoryBytes: number
  readonly tmpBytes: number
  readonly processes: number
  /** Maximum size of one file; missing: no limit. */
  readonly fileBytes?: number
  readonly cpuWeight: number
  readonly setUpMs: number
}
