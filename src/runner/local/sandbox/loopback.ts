import { readFileSync } from 'node:fs'

const POLL_MS = 1
/** Two orders of magnitude more than bwrap takes on a busy machine. */
const LONGEST_MS = 5_000

/**
 * Waits until bwrap has given the sandbox's loopback its address. Whoever brings that interface up before, as pasta does,
 * makes the kernel give it the same one, and bwrap ends because it is there already (`Failed RTM_NEWADDR`).
 *
 * `pid`: of a process in the sandbox. Returns as well when bwrap has ended (`isGone`); throws when neither happens.
 */
export async function loopbackIsReady(pid: number, isGone: () => boolean): Promise<void> {
  const deadline = Date.now() + LONGEST_MS
  while (!hasAddress(pid) && !isGone()) {
    if (Date.now() > deadline) throw new Error('bwrap has not set up the network of the sandbox')
    await Bun.sleep(POLL_MS)
  }
}

/** The routes of the network that the process is in; none are there before the first address. */
function hasAddress(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/net/fib_trie`, 'latin1').includes('127.0.0.1')
  } catch {
    return false
  }
}
