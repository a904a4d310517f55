import { readFileSync } from 'node:fs'
import { pollUntil } from '../process/wait.ts'

/**
 * Waits until bwrap has set the address of the sandbox's loopback. If another program, such as pasta, brings the
 * interface up first, the kernel sets the same address and bwrap fails because it exists (`Failed RTM_NEWADDR`).
 *
 * `pid`: of a process in the sandbox. Throws the reason of `signal` when the signal aborts first.
 */
export const loopbackIsReady = (pid: number, signal: AbortSignal): Promise<void> =>
  pollUntil(() => hasAddress(pid), signal)

/** Looks for the address in the routes of the process's network, which are empty before the first address is set. */
function hasAddress(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/net/fib_trie`, 'latin1').includes('127.0.0.1')
  } catch {
    return false
  }
}
