import type { Command } from '../local/process/command.ts'
import { type ExitStatus, type RunningProcess, endProcess } from '../local/process/running-process.ts'
import { textOf } from '../local/process/read-all.ts'
import { APP_DIR, launchInSandbox } from '../local/sandbox/launch.ts'
import { MICRO_LIMITS } from '../limits.ts'
import type { Walls } from './sandbox-harness.ts'

export interface Climb {
  readonly script: string
  /** The app's folder, outside. */
  readonly dir: string
  readonly env?: Readonly<Record<string, string>>
  readonly owner?: string
  readonly reach?: Command['reach']
  readonly ownHost?: Command['ownHost']
  readonly limits?: Partial<Command['limits']>
}

export interface Climbed {
  readonly status: ExitStatus
  /** Without blanks at the ends. */
  readonly stdout: string
  readonly stderr: string
}

/** Starts a script as a micro would be. It ends with `await using`. */
export async function start(walls: Walls, climb: Climb): Promise<RunningProcess & AsyncDisposable> {
  const process = await launchInSandbox(walls.host, walls.toolchain, {
    script: climb.script,
    dir: { source: climb.dir, target: APP_DIR, writable: false },
    otherMounts: [],
    env: { PATH: walls.toolchain.insidePath.join(':'), ...climb.env },
    owner: climb.owner ?? 'climber',
    inbound: true,
    ownHost: climb.ownHost ?? null,
    reach: climb.reach ?? 'public',
    limits: { ...MICRO_LIMITS, ...climb.limits },
  })
  return { ...process, [Symbol.asyncDispose]: () => endProcess(process, 0) }
}

/** Runs a script behind the walls, to its end. */
export async function inside(walls: Walls, climb: Climb): Promise<Climbed> {
  const process = await start(walls, climb)
  const [stdout, stderr, status] = await Promise.all([
    textOf(process.stdout),
    textOf(process.stderr),
    process.exited,
  ])
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}
