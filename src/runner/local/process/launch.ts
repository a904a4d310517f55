import { lstatSync } from 'node:fs'
import { launchInSandbox } from '../sandbox/launch.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Command } from './command.ts'
import { launchUnsandboxed } from './unsandboxed-process.ts'
import type { RunningProcess } from './running-process.ts'

export type RunnableSandbox = Exclude<Sandbox, { kind: 'refused' }>

/** This server must not run commands without a sandbox; the message says why and what to do. */
export class LaunchRefusal extends Error {
  override readonly name = 'LaunchRefusal'
}

/**
 * Starts a command, in a sandbox where there is one; no other function decides that. Throws LaunchRefusal where a
 * sandbox is required, and an error when a folder of the command is not a folder itself: an earlier build may have
 * replaced it by a link to the server's files, and a mount would follow the link.
 */
export async function launch(sandbox: RunnableSandbox, command: Command): Promise<RunningProcess> {
  for (const { source } of [command.dir, ...command.otherMounts.filter(({ writable }) => writable)])
    if (!lstatSync(source).isDirectory()) throw new Error(`${source} is not a folder`)
  switch (sandbox.kind) {
    case 'sandboxed':
      return launchInSandbox(sandbox.host, sandbox.toolchain, command)
    case 'unsandboxed': {
      const refusal = await sandbox.refusal()
      if (refusal !== null) throw new LaunchRefusal(refusal)
      return launchUnsandboxed(command)
    }
  }
}
