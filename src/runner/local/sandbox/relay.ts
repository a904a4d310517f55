import { signalProcess } from '../process/process-tree.ts'
import { pollUntil } from '../process/wait.ts'
import { DIE_WITH_PARENT, becomeUser } from './drop-privileges.ts'
import { enterNetwork, withoutNetworkRights } from './network-owner.ts'
import { type Helper, watchHelper } from './helper.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'

/** A connection of which one half has ended may go on for so long. */
const HALF_OPEN_SECONDS = 3600

export interface RelayOptions {
  /** What becomes socat: where it stands, and as whom. */
  readonly prefix: readonly string[]
  /** Addresses in socat's language. */
  readonly from: string
  readonly to: string
  readonly isListening: () => boolean | Promise<boolean>
}

export type Relay = Helper

/**
 * Starts a socat that passes octets on, with back-pressure. pasta could as well, but versions up to late 2023 lose
 * track of a connection whose reader is slower than its writer. Resolves once it listens; throws with socat's words,
 * or when the sandbox's start is over; nothing is left running then.
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
    // A process group: each connection is a process of its own, which may wait for a peer that does not read.
    detached: true,
  })
  const relay = watchHelper(child, {
    name: 'socat',
    // Once it has gone, its number may be another's.
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

/** Listens on a Unix socket. Only the folder's owner and root come this far; others could not even name it. */
export const unixListener = (path: string, connections: number): string =>
  `UNIX-LISTEN:"${path}",fork,backlog=1024,max-children=${connections},mode=600`

/** Joins the network of a process, and none of its other walls, as the micro's host user. `more`: for setpriv. */
export function entering(
  host: SandboxHost,
  pid: number,
  uid: number | null,
  more: readonly string[] = [],
): string[] {
  const into = enterNetwork(host, pid)
  if (uid === null) return [host.programs.setpriv, DIE_WITH_PARENT, ...into, ...withoutNetworkRights(host)]
  return [...into, ...becomeUser(host, uid), ...more, DIE_WITH_PARENT]
}
