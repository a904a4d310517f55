import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** Descendants of `pid`, without `pid` (proc(5), /proc/pid/task/tid/children); all of them, or about `most`. */
export function descendantsOf(pid: number, most = Infinity): number[] {
  const found: number[] = []
  for (const queue = [pid]; queue.length > 0 && found.length < most;) {
    const children = childrenOf(queue.pop()!)
    found.push(...children)
    queue.push(...children)
  }
  return found
}

/**
 * Sends a signal to all processes of a PID namespace except its first. A process outside the namespace that has
 * reused a number is not signalled.
 */
export function signalNamespace(initPid: number, signal: NodeJS.Signals): void {
  const namespace = namespaceOf(initPid)
  if (namespace === null) return
  for (const pid of descendantsOf(initPid)) if (namespaceOf(pid) === namespace) signalProcess(pid, signal)
}

/** Identifies one process, and no later process with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** In ticks since the machine started; null: the process had exited before it was identified. */
  readonly startedAt: string | null
}

export const identify = (pid: number): ProcessIdentity => ({ pid, startedAt: startOf(pid) })

/** A zombie does not count as alive. */
export const isAlive = ({ pid, startedAt }: ProcessIdentity): boolean =>
  startedAt !== null && startOf(pid) === startedAt

/**
 * Resolves once no process of a PID namespace is left: the first process becomes a zombie, or disappears, only after
 * the kernel has killed and reaped all others.
 */
export async function namespaceEnd(init: ProcessIdentity): Promise<void> {
  while (isAlive(init)) await Bun.sleep(1)
}

/** As in /proc/pid/stat: `T` stopped by a signal, `Z` a zombie; null once the process is gone. */
export const stateOf = (pid: number): string | null => statusFields(pid)?.[STATE] ?? null

/** Ignores a process that has already exited. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const STATE = 0
const START_TIME = 19

function startOf(pid: number): string | null {
  const fields = statusFields(pid)
  return !fields || /[ZX]/.test(fields[STATE]!) ? null : fields[START_TIME]!
}

/** Fields from the state on. They follow the name, which is in parentheses and may contain any byte (proc(5), /proc/pid/stat). */
function statusFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return null
  }
}
