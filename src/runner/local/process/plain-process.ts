import { connect } from 'node:net'
import type { Command } from './command.ts'
import { freePort } from './free-port.ts'
import { createStopCheck } from './stop-check.ts'
import type { ExitStatus, RunningProcess } from './running-process.ts'

const CONNECT_MS = 1_000

/**
 * Starts a command as a plain process of this server's user, on a free port of the loopback: no wall at all.
 * Only for one's own apps, where the machine has no sandbox.
 */
export async function launchPlain(command: Command): Promise<RunningProcess> {
  const hostPort = command.inbound ? await freePort() : null
  const child = Bun.spawn({
    cmd: ['/bin/sh', '-c', WATCHED, 'sh', command.script],
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...command.env, ...(hostPort === null ? {} : { PORT: String(hostPort) }) },
    cwd: command.dir.source,
    // A process group of its own, so that all of it can be ended.
    detached: true,
  })
  let hasExited = false
  let because: string | null = null
  const signal = (name: NodeJS.Signals) => void signalGroup(child.pid, name)
  const exited = child.exited.then((): ExitStatus => {
    hasExited = true
    // What it left in the background has no owner any more.
    signal('SIGKILL')
    return {
      code: child.exitCode,
      signal: child.signalCode as NodeJS.Signals | null,
      outOfMemory: false,
      because,
    }
  })
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    address: hostPort === null ? null : { host: '127.0.0.1', port: hostPort },
    exited,
    listeners: async () => ({ ready: hostPort !== null && (await accepts(hostPort)), elsewhere: [] }),
    terminate: () => void (hasExited || signal('SIGTERM')),
    kill: (cause) => {
      if (hasExited) return
      because ??= cause ?? null
      signal('SIGKILL')
    },
    isStopped: hostPort === null ? async () => false : createStopCheck(child.pid, hostPort),
  }
}

/** The pipe ends with this server; a watcher then ends the process group. */
const WATCHED = 'exec 3<&0 </dev/null; { read -r _ <&3; kill -KILL 0; } & exec 3<&-; exec /bin/sh -c "$1"'

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const settle = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    // A listener with a full queue answers nothing.
    socket.setTimeout(CONNECT_MS, () => settle(false))
  })
}
