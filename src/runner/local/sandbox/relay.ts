import { signalProcess } from '../process/process-tree.ts'
import { textOf } from '../process/read-all.ts'
import { DIE_WITH_PARENT, becomeUser } from './drop-privileges.ts'
import { enterNetwork, withoutNetworkRights } from './network-owner.ts'
import type { SandboxHost } from './sandbox.ts'

const POLL_MS = 1
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

export interface Relay {
  end(): Promise<void>
}

/**
 * Starts a socat that passes octets on, with back-pressure. pasta could as well, but versions up to late 2023 lose
 * track of a connection whose reader is slower than its writer. Resolves once it listens; throws with socat's words.
 */
export async function startRelay(
  host: SandboxHost,
  { prefix, from, to, isListening }: RelayOptions,
): Promise<Relay> {
  const child = Bun.spawn({
    cmd: [...prefix, host.programs.socat, `-t${HALF_OPEN_SECONDS}`, '-b', '65536', from, to],
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {},
    cwd: '/',
    // A process group: each connection is a process of its own, and may wait for long for whoever does not read.
    detached: true,
  })
  const errors = textOf(child.stderr)
  while (!(await isListening())) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error((await errors).trim() || 'socat ended')
    await Bun.sleep(POLL_MS)
  }
  return {
    end: async () => {
      // Once it has gone, its number may be another's.
      if (child.exitCode === null && child.signalCode === null) signalProcess(-child.pid, 'SIGKILL')
      await child.exited
    },
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
