import type { Logger } from '../../kernel/log.ts'
import type { BuildRunLimits, MicroLimits } from '../limits.ts'
import type { ProvideTools } from '../port.ts'
import type { DataDoor } from '../data-door.ts'
import type { Reach } from './sandbox/closed-addresses.ts'
import type { Sandbox } from './sandbox/sandbox.ts'

export interface LocalRunnerOptions extends BuildRunnerOptions {
  /** `<logsDir>/<instance>/<micro>.log`. Absolute. */
  readonly logsDir: string
  readonly log: Logger
  /** Whether the disk has space for the output of micros; by default it always has. */
  readonly hasRoomForLogs?: () => boolean
  readonly limits?: Partial<MicroLimits>
  /** Which addresses micros may reach; `public` by default. */
  readonly reach?: Reach
  /** Without it, a micro that names tools is refused. */
  readonly provideTools?: ProvideTools
  readonly now?: () => number
}

export interface BuildRunnerOptions {
  readonly sandbox: Sandbox
  /** Settings of this machine that builds need to reach a registry, see `pickBuildEnvironment`. */
  readonly buildEnvironment?: Readonly<Record<string, string>>
  readonly buildLimits?: Partial<BuildRunLimits>
  /** For micros and builds in a sandbox; null or missing: they cannot reach Base and Drive. */
  readonly dataDoor?: DataDoor | null
}
