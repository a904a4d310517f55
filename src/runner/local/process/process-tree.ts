import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** Processes below `pid`, without itself (proc(5), /proc/pid/task/tid/children); all, or about `most` of them. */
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
 * Sends a signal to what runs in the PID namespace of its first process, but not to that one itself. A number
 * that another process has got meanwhile is spared: it is in another namespace.
 */
export function signalNamespace(initPid: number, signal: NodeJS.Signals): void {
  const namespace = namespaceOf(initPid)
  if (namespace === null) return
  for (const pid of descendantsOf(initPid)) if (namespaceOf(pid) === namespace) signalProcess(pid, signal)
}

/** One process and no later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** In ticks since the machine started; null: it had ended before it was looked at. */
  readonly startedAt: string | null
}

export const identify = (pid: number): ProcessIdentity => ({ pid, startedAt: startOf(pid) })

/** A zombie is none. */
export const isAlive = ({ pid, startedAt }: ProcessIdentity): boolean =>
  startedAt !== null && startOf(pid) === startedAt

/**
 * Resolves once nothing of a PID namespace is left: its first process becomes a zombie, or goes, only after the
 * kernel has ended and collected all others.
 */
export async function namespaceEnd(init: ProcessIdentity): Promise<void> {
  while (isAlive(init)) await Bun.sleep(1)
}

/** As in /proc/pid/stat: `T` stopped by a signal, `Z` a zombie; null once it has gone. */
export const stateOf = (pid: number): string | null => statusFields(pid)?.[STATE] ?? null

/** A process that has gone already is none to complain about. */
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

/** From the state on, which follows the name, in parentheses and with any byte in it (proc(5), /proc/pid/stat). */
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
