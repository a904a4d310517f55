import { readFileSync, readdirSync } from 'node:fs'

export interface SeenProcess {
  readonly pid: number
  /** Program and arguments, with a NUL byte behind each. */
  readonly commandLine: string
}

/** All processes of this machine. */
export const allProcesses = (): SeenProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(seen)

/** Those that this process has started itself. */
export const ownChildren = (): SeenProcess[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').split(' ').filter(Boolean).map(seen)

function seen(pid: string): SeenProcess {
  return { pid: Number(pid), commandLine: textOf(`/proc/${pid}/cmdline`) }
}

/** Empty once the process has gone. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
