import type { Command } from '../local/process/command.ts'
import { type ExitStatus, type RunningProcess, endProcess } from '../local/process/running-process.ts'
import { readAll } from '../local/process/read-all.ts'
import { APP_DIR } from '../local/sandbox/app-dir.ts'
import { launchInSandbox } from '../local/sandbox/launch.ts'
import { MICRO_LIMITS } from '../limits.ts'
import type { ActiveSandbox } from './sandbox-harness.ts'

export interface InsideCommand {
  readonly script: string
  /** The app's folder, outside. */
  readonly dir: string
  readonly env?: Readonly<Record<string, string>>
  readonly owner?: string
  readonly reach?: Command['reach']
  readonly ownHost?: Command['ownHost']
  readonly dataSocket?: string
  readonly limits?: Partial<Command['limits']>
}

export interface InsideResult {
  readonly status: ExitStatus
  /** Without blanks at the ends. */
  readonly stdout: string
  readonly stderr: string
}

/** Starts a script as a micro would be. It ends with `await using`. */
export async function start(
  sandbox: ActiveSandbox,
  command: InsideCommand,
): Promise<RunningProcess & AsyncDisposable> {
  const process = await launchInSandbox(sandbox.host, sandbox.toolchain, {
    script: command.script,
    dir: { source: command.dir, target: APP_DIR, writable: false },
    otherMounts: [],
    env: { PATH: sandbox.toolchain.insidePath.join(':'), ...command.env },
    owner: command.owner ?? 'attacker',
    inbound: true,
    ownHost: command.ownHost ?? null,
    ...(command.dataSocket === undefined ? {} : { dataSocket: command.dataSocket }),
    reach: command.reach ?? 'public',
    limits: { ...MICRO_LIMITS, ...command.limits },
  })
  return { ...process, [Symbol.asyncDispose]: () => endProcess(process, 0) }
}

/** Runs a script in the sandbox to its end. */
export async function inside(sandbox: ActiveSandbox, command: InsideCommand): Promise<InsideResult> {
  const process = await start(sandbox, command)
  const [stdout, stderr, status] = await Promise.all([
    readAll(process.stdout),
    readAll(process.stderr),
    process.exited,
  ])
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}
