import { lstatSync } from 'node:fs'
import { launchInSandbox } from '../sandbox/launch.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Command } from './command.ts'
import { launchPlain } from './plain-process.ts'
import type { RunningProcess } from './running-process.ts'

/** A sandbox in which something may run; the one place that decides between walls and none. */
export type RunnableSandbox = Exclude<Sandbox, { kind: 'refused' }>

/** Nothing may run without walls on this server; the message says why and what to do. */
export class LaunchRefusal extends Error {
  override readonly name = 'LaunchRefusal'
}

/**
 * Starts a command. Throws LaunchRefusal where it may not run without walls, and when its folder is not a folder itself: an earlier build may have put a link to the
 * server's own files in its place, and a mount would follow it.
 */
export async function launch(sandbox: RunnableSandbox, command: Command): Promise<RunningProcess> {
  for (const { source } of [command.dir, ...command.otherMounts.filter(({ writable }) => writable)])
    if (!lstatSync(source).isDirectory()) throw new Error(`${source} is not a folder`)
  switch (sandbox.kind) {
    case 'walls':
      return launchInSandbox(sandbox.host, sandbox.toolchain, command)
    case 'plain': {
      const refusal = await sandbox.refusal()
      if (refusal !== null) throw new LaunchRefusal(refusal)
      return launchPlain(command)
    }
  }
}
