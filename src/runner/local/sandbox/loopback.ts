import { readFileSync } from 'node:fs'
import { pollUntil } from '../process/wait.ts'

/**
 * Waits until bwrap has given the sandbox's loopback its address. Whoever brings that interface up before, as pasta does,
 * makes the kernel give it the same one, and bwrap ends because it is there already (`Failed RTM_NEWADDR`).
 *
 * `pid`: of a process in the sandbox. Throws the reason of `signal` when that comes first.
 */
export const loopbackIsReady = (pid: number, signal: AbortSignal): Promise<void> =>
  pollUntil(() => hasAddress(pid), signal)

/** The routes of the network that the process is in; none are there before the first address. */
function hasAddress(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/net/fib_trie`, 'latin1').includes('127.0.0.1')
  } catch {
    return false
  }
}
