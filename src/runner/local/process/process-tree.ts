import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** All processes below `pid`, without itself (proc(5), /proc/pid/task/tid/children). */
export function descendantsOf(pid: number): number[] {
  const found: number[] = []
  for (const queue = [pid]; queue.length > 0;) {
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

/**
 * Resolves once nothing of a PID namespace is left: its first process becomes a zombie, or goes, only after the
 * kernel has ended and collected all others.
 */
export async function namespaceEnd(initPid: number): Promise<void> {
  while (isAlive(initPid)) await Bun.sleep(1)
}

/** A process that has gone already is none to complain about. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    // The state follows the name, which is in parentheses and may hold any byte (proc(5), /proc/pid/stat).
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
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
