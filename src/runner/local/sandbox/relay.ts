import { signalProcess } from '../process/process-tree.ts'
import { pollUntil } from '../process/wait.ts'
import { DIE_WITH_PARENT, becomeUser } from './drop-privileges.ts'
import { enterNetwork, withoutNetworkRights } from './network-owner.ts'
import { type Helper, watchHelper } from './helper.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'

/** How long a connection may stay half-closed. */
const HALF_OPEN_SECONDS = 3600

export interface RelayOptions {
  /** Arguments before socat: which network and which user it runs in. */
  readonly prefix: readonly string[]
  /** Addresses in the syntax of socat. */
  readonly from: string
  readonly to: string
  readonly isListening: () => boolean | Promise<boolean>
}

export type Relay = Helper

/**
 * Starts a socat that copies bytes in both directions, with back-pressure. pasta could do that too, but its versions up
 * to late 2023 lose connections whose reader is slower than the writer. Resolves once socat listens. Throws with
 * socat's message, or when the set-up of the sandbox is aborted; no process is left then.
 */
export async function startRelay(
  host: SandboxHost,
  setUp: SetUp,
  { prefix, from, to, isListening }: RelayOptions,
): Promise<Relay> {
  setUp.signal.throwIfAborted()
  const child = Bun.spawn({
    cmd: [...prefix, host.programs.socat, `-t${HALF_OPEN_SECONDS}`, '-b', '65536', from, to],
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {},
    cwd: '/',
    // A process group: each connection is a separate process, which may be waiting for a peer that does not read.
    detached: true,
  })
  const relay = watchHelper(child, {
    name: 'socat',
    // Not after its exit: another process may have its number.
    kill: () => child.exitCode ?? child.signalCode ?? signalProcess(-child.pid, 'SIGKILL'),
  })
  try {
    setUp.helpers?.join([child.pid])
    await pollUntil(isListening, AbortSignal.any([relay.ended, setUp.signal]))
    return relay
  } catch (error) {
    await relay.end()
    throw error
  }
}

/** Listens on a Unix socket, in a folder that only its owner and root can enter. */
export const unixListener = (path: string, connections: number): string =>
  `UNIX-LISTEN:"${path}",fork,backlog=1024,max-children=${connections},mode=600`

/** Joins only the network namespace of a process, as the micro's host user. `more`: options for setpriv. */
export function insideNetworkPrefix(
  host: SandboxHost,
  pid: number,
  uid: number | null,
  more: readonly string[] = [],
  group?: number,
): string[] {
  const into = enterNetwork(host, pid)
  if (uid === null) return [host.programs.setpriv, DIE_WITH_PARENT, ...into, ...withoutNetworkRights(host)]
  return [...into, ...becomeUser(host, uid, group), ...more, DIE_WITH_PARENT]
}
