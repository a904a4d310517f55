import { launchInSandbox } from '../sandbox/launch.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Command } from './command.ts'
import { launchPlain } from './plain-process.ts'
import type { RunningProcess } from './running-process.ts'

/** A sandbox in which something may run; the one place that decides between walls and none. */
export type RunnableSandbox = Exclude<Sandbox, { kind: 'refused' }>

export function launch(sandbox: RunnableSandbox, command: Command): Promise<RunningProcess> {
  switch (sandbox.kind) {
    case 'walls':
      return launchInSandbox(sandbox.host, sandbox.toolchain, command)
    case 'plain':
      return launchPlain(command)
  }
}
