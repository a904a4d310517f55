import { constants } from 'node:os'
import { type ListeningPort, listeningPorts } from '../process/listening-ports.ts'
import { type ProcessIdentity, namespaceEnd, signalNamespace } from '../process/process-tree.ts'
import type { ExitStatus, Listeners, RunningProcess } from '../process/running-process.ts'
import { createStopCheck } from '../process/stop-check.ts'
import { within } from '../process/wait.ts'
import type { Bounds } from './bounds.ts'
import { type Bwrap, killSandbox } from './bwrap-process.ts'
import { DATA_PORT } from './data-relay.ts'
import type { Network } from './network.ts'
import { MICRO_PORT } from './pasta-args.ts'

/** The helpers of a sandbox's network may notice the sandbox's exit sooner than this process does. */
const EXIT_GRACE_MS = 1_000

interface SandboxParts {
  readonly bwrap: Bwrap
  readonly init: ProcessIdentity
  readonly network: Network
  /** Inside, where the hairpin relay listens; null: there is none. */
  readonly hairpinPort: number | null
  readonly bounds: Bounds
}

/** The running command of a sandbox that has been set up. Releases the sandbox's network and control groups at its exit. */
export function sandboxedProcess(parts: SandboxParts): RunningProcess {
  const { bwrap, init, network, hairpinPort, bounds } = parts
  let hasExited = false
  let because: string | null = null
  const exited = bwrap.exited.then(async (code): Promise<ExitStatus> => {
    hasExited = true
    // bwrap exits with the app's first process; the other processes of the app may take a moment longer.
    killSandbox(bwrap, init)
    await Promise.all([namespaceEnd(init), network.close()])
    const outOfMemory = bounds.sandbox?.wasOutOfMemory() ?? false
    await bounds.remove()
    return { ...statusOf(code), outOfMemory, because }
  })
  const kill = (cause?: string) => {
    if (hasExited) return
    because ??= cause ?? null
    // The kernel kills a PID namespace with its first process.
    killSandbox(bwrap, init)
  }
  network.onBroken(async ({ message }) => {
    await within(bwrap.exited, EXIT_GRACE_MS, null)
    kill(`was killed because its network failed: ${message}`)
  })
  return {
    stdout: bwrap.stdout,
    stderr: bwrap.stderr,
    address: network.socketPath === null ? null : { socket: network.socketPath },
    exited,
    listeners: async () => listenersOf(await listeningPorts(init.pid), hairpinPort),
    terminate: () => void (hasExited || signalNamespace(init.pid, 'SIGTERM')),
    kill,
    isStopped: createStopCheck(init.pid, MICRO_PORT),
  }
}

const isReady = (at: ListeningPort): boolean => at.port === MICRO_PORT && !at.v6LoopbackOnly

/** The listeners on `hairpinPort` and for the names of Deta Space are our relays, not the app. */
function listenersOf(ports: readonly ListeningPort[], hairpinPort: number | null): Listeners {
  const names = ports
    .filter((at) => !isReady(at) && at.port !== hairpinPort && !(at.isSpace && at.port === DATA_PORT))
    .map((at) => (at.v6LoopbackOnly ? `[::1]:${at.port}` : `${at.port}`))
  return { ready: ports.some(isReady), elsewhere: [...new Set(names)] }
}

/** bwrap passes an exit code on, and a signal as 128 plus its number, as shells do. */
function statusOf(code: number): Pick<ExitStatus, 'code' | 'signal'> {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)
  return signal ? { code: null, signal: signal[0] as NodeJS.Signals } : { code, signal: null }
}
