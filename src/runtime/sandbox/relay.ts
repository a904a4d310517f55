import { existsSync } from 'node:fs'
import { textOf } from '../process/text-of.ts'
import { becomeUser } from './host-side.ts'
import { MICRO_PORT } from './pasta-args.ts'
import type { SandboxHost } from './sandbox.ts'

const POLL_MS = 1
/** Connections at once; the gateway keeps far fewer open. */
const MAX_CONNECTIONS = 1024
/** A connection of which one half has ended may go on for so long. */
const HALF_OPEN_SECONDS = 3600

export interface RelayOptions {
  readonly uid: number | null
  /** Where the host reaches the micro; in a folder that its user alone may enter. */
  readonly socketPath: string
}

export interface Relay {
  end(): Promise<void>
}

/**
 * Starts the way in: socat stands in the network of process `pid` and outside all of its other walls, where a Unix
 * socket can be reached that the app cannot see. pasta could forward a port instead, but versions up to late 2023
 * lose track of a connection whose reader is slower than its writer, and every user of the machine could connect.
 * Resolves once it listens; throws with socat's words.
 */
export async function startRelay(
  host: SandboxHost,
  pid: number,
  { uid, socketPath }: RelayOptions,
): Promise<Relay> {
  const child = Bun.spawn({
    cmd: [...entering(host, pid, uid), host.programs.socat, ...socatArgs(socketPath)],
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {},
    cwd: '/',
  })
  const errors = textOf(child.stderr)
  while (!existsSync(socketPath)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error((await errors).trim() || 'socat ended')
    await Bun.sleep(POLL_MS)
  }
  return {
    end: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** Joins the network and becomes the micro's host user; dies with the server. */
function entering(host: SandboxHost, pid: number, uid: number | null): string[] {
  const { nsenter, setpriv } = host.programs
  const dieWithParent = '--pdeathsig=KILL'
  if (uid === null)
    return [
      setpriv,
      dieWithParent,
      nsenter,
      `--target=${pid}`,
      '--user',
      '--net',
      '--preserve-credentials',
      '--',
    ]
  return [nsenter, `--target=${pid}`, '--net', '--', ...becomeUser(host, uid), dieWithParent]
}

function socatArgs(socketPath: string): string[] {
  return [
    `-t${HALF_OPEN_SECONDS}`,
    ['-b', '65536'],
    // Only the folder's owner and root come this far; others could not even name the socket.
    `UNIX-LISTEN:"${socketPath}",fork,backlog=1024,max-children=${MAX_CONNECTIONS},mode=600`,
    `TCP4:127.0.0.1:${MICRO_PORT},nodelay`,
  ].flat()
}
