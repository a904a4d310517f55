import { connect } from 'node:net'
import type { Command } from './command.ts'
import { freePort } from './free-port.ts'
import { createStopCheck } from './stop-check.ts'
import type { ExitStatus, RunningProcess } from './running-process.ts'

const CONNECT_MS = 1_000

/**
 * Starts a command as a process of this server's user, on a free port of the loopback, without any isolation.
 * Only for apps that the server's owner trusts, where the machine has no sandbox.
 */
export async function launchUnsandboxed(command: Command): Promise<RunningProcess> {
  const hostPort = command.inbound ? await freePort() : null
  const child = Bun.spawn({
    cmd: ['/bin/sh', '-c', WATCHED, 'sh', command.script],
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...command.env, ...(hostPort === null ? {} : { PORT: String(hostPort) }) },
    cwd: command.dir.source,
    // A separate process group, so that all of its processes can be signalled.
    detached: true,
  })
  let hasExited = false
  let because: string | null = null
  const signal = (name: NodeJS.Signals) => void signalGroup(child.pid, name)
  const exited = child.exited.then((): ExitStatus => {
    hasExited = true
    // Processes left in the background must not outlive the command.
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

/** The pipe is closed when this server exits; a watcher then kills the process group. */
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
    const finish = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
    // A listener with a full backlog does not respond.
    socket.setTimeout(CONNECT_MS, () => finish(false))
  })
}
