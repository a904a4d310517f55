import type { NetConnectOpts, Socket } from 'node:net'
import { connect } from 'node:net'
import { constants } from 'node:os'
import type { Command } from '../process/command.ts'
import { type ListeningPort, listeningPorts } from '../process/listening-ports.ts'
import {
  type ProcessIdentity,
  descendantsOf,
  identify,
  isAlive,
  namespaceEnd,
  signalNamespace,
  signalProcess,
} from '../process/process-tree.ts'
import type { ExitStatus, Listeners, RunningProcess } from '../process/running-process.ts'
import { createStopCheck } from '../process/stop-check.ts'
import { textOf } from '../process/read-all.ts'
import { orAborted, within } from '../process/wait.ts'
import { bwrapArgs } from './bwrap-args.ts'
import { type Bounds, createBounds } from './bounds.ts'
import { closeNetwork } from './firewall.ts'
import { hostSideOf } from './drop-privileges.ts'
import { hostUidOf } from './host-user.ts'
import { loopbackIsReady } from './loopback.ts'
import { type Network, prepareNetwork } from './network.ts'
import { isNetworkOwnedAround, ownNetworkAround } from './network-owner.ts'
import { initCommand } from './init-command.ts'
import { MICRO_PORT } from './pasta-args.ts'
import { SandboxError, type SetUp, beginSetUp } from './set-up.ts'
import type { SandboxHost, Toolchain } from './sandbox.ts'
import { openNamelessFile, etcFiles } from './etc-files.ts'

/** Descriptors as bwrap sees them; the stubs follow. None of them is left when the app starts. */
const INFO_FD = 3
const ARGS_FD = 4
const FIRST_FILE_FD = 5

/** How long what bwrap had started may keep its error stream open. */
const LAST_WORDS_MS = 500
/** The parts of a sandbox's network may notice its end sooner than we do. */
const END_GRACE_MS = 1_000

/** Where the app's folder is inside. */
export const APP_DIR = '/app'

/**
 * Starts a command behind the walls and lets it go once its network and its bounds are in place. Throws
 * SandboxError; nothing is left running then.
 */
export async function launchInSandbox(
  host: SandboxHost,
  toolchain: Toolchain,
  command: Command,
): Promise<RunningProcess> {
  const uid = host.isRoot ? hostUidOf(command.owner) : null
  const bwrap = spawnBwrap(host, toolchain, command, uid)
  const { owner, inbound, ownHost, limits, cancel } = command
  const network = prepareNetwork(host, { owner, uid, inbound, door: ownHost })
  let bounds: Bounds | null = null
  let init: ProcessIdentity | null = null
  try {
    bounds = createBounds(host, command)
    using setUp = beginSetUp({ bwrap, helpers: bounds.helpers, limitMs: limits.setUpMs, cancel })
    init = await readInit(bwrap, setUp)
    // The first process before its children: what is started in between is in already.
    bounds.sandbox?.join([init.pid])
    bounds.sandbox?.join(descendantsOf(init.pid))
    if (!isNetworkOwnedAround(host)) await loopbackIsReady(init.pid, setUp.signal)
    // bwrap itself stands in the namespace around the sandbox, and in the same network.
    const networkPid = isNetworkOwnedAround(host) ? bwrap.pid : init.pid
    await Promise.all([
      network.attach(networkPid, setUp),
      closeNetwork(host, networkPid, command.reach, setUp.signal),
    ])
    setUp.signal.throwIfAborted()
    await bwrap.stdin.write('go\n')
    await bwrap.stdin.end()
    return running({ bwrap, init, network, doorPort: ownHost?.port ?? null, bounds })
  } catch (cause) {
    killAll(bwrap, init)
    await Promise.all([bwrap.exited, network.close(), ...(init ? [namespaceEnd(init)] : [])])
    await bounds?.remove()
    // What bwrap says comes first: without it, the others fail because it has gone.
    const complaint = (await within(textOf(bwrap.stderr), LAST_WORDS_MS, '')).trim()
    throw new SandboxError(complaint || (cause as Error).message, { cause })
  }
}

/** Also what bwrap has started before it could be asked to take it along at its own end. */
function killAll(bwrap: Bwrap, init: ProcessIdentity | null): void {
  const isThere = bwrap.exitCode === null && bwrap.signalCode === null
  for (const pid of isThere ? descendantsOf(bwrap.pid) : []) signalProcess(pid, 'SIGKILL')
  if (init && isAlive(init)) signalProcess(init.pid, 'SIGKILL')
  bwrap.kill('SIGKILL')
}

type Bwrap = ReturnType<typeof spawnBwrap>

function spawnBwrap(host: SandboxHost, toolchain: Toolchain, command: Command, uid: number | null) {
  const stubs = etcFiles(command.ownHost)
  using files = openFiles([...stubs.map(({ content }) => content), ...(host.seccomp ? [host.seccomp] : [])])
  const { prefix, mounts } = hostSideOf(host, uid, [command.dir, ...command.otherMounts, ...toolchain.mounts])
  const args = bwrapArgs({
    root: host.root,
    mounts,
    links: toolchain.links,
    stubs: stubs.map(({ path }, at) => ({ path, fd: FIRST_FILE_FD + at })),
    makesNetwork: !isNetworkOwnedAround(host),
    seccompFd: host.seccomp && FIRST_FILE_FD + stubs.length,
    infoFd: INFO_FD,
    env: command.env,
    workingDir: APP_DIR,
    tmpBytes: command.limits.tmpBytes,
  })
  const outside = [...prefix, ...ownNetworkAround(host), host.programs.bwrap, '--args', String(ARGS_FD), '--']
  const bwrap = Bun.spawn({
    cmd: [...outside, ...initCommand(host, command)],
    stdio: ['pipe', 'pipe', 'pipe', 'socket-fd', 'socket-fd', ...files.fds],
    // These programs run outside the walls: an LD_PRELOAD of the app must never reach them.
    env: {},
    cwd: '/',
  })
  pipeOf(bwrap, ARGS_FD)
    // A bwrap that ends without reading them says why on its error stream.
    .on('error', () => {})
    .end(args.map((arg) => `${arg}\0`).join(''))
  return bwrap
}

/** Our end of a descriptor that bwrap inherited. Bun's `connect` adopts it; Node's types do not know. */
const pipeOf = (bwrap: Bwrap, fd: number): Socket =>
  connect({ fd: bwrap.stdio[fd] } as unknown as NetConnectOpts)

function openFiles(contents: readonly (string | Uint8Array)[]): Disposable & { readonly fds: number[] } {
  const files = contents.map(openNamelessFile)
  return {
    fds: files.map(({ fd }) => fd),
    [Symbol.dispose]: () => files.forEach((file) => file[Symbol.dispose]()),
  }
}

/** bwrap tells the number of the sandbox's first process as JSON, before it builds the walls. */
async function readInit(bwrap: Bwrap, { signal }: SetUp): Promise<ProcessIdentity> {
  const info: Socket = pipeOf(bwrap, INFO_FD)
  try {
    const pid = await orAborted(pidFrom(info), signal)
    if (pid !== null) return identify(pid)
    throw new SandboxError('bwrap ended before it had built anything')
  } finally {
    info.destroy()
  }
}

function pidFrom(info: Socket): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let text = ''
    info.setEncoding('latin1')
    info.on('data', (chunk) => {
      text += chunk
      // To the closing brace: bwrap writes in pieces, and would die of a closed pipe in between.
      if (text.includes('}')) resolve((JSON.parse(text) as { 'child-pid': number })['child-pid'])
    })
    info.on('error', reject)
    info.on('close', () => resolve(null))
  })
}

function running(parts: {
  bwrap: Bwrap
  init: ProcessIdentity
  network: Network
  doorPort: number | null
  bounds: Bounds
}): RunningProcess {
  const { bwrap, init, network, doorPort, bounds } = parts
  let hasExited = false
  let because: string | null = null
  const exited = bwrap.exited.then(async (code): Promise<ExitStatus> => {
    hasExited = true
    // bwrap goes when the app's first process does; what that one started may be a moment behind.
    killAll(bwrap, init)
    await Promise.all([namespaceEnd(init), network.close()])
    const outOfMemory = bounds.sandbox?.wasOutOfMemory() ?? false
    await bounds.remove()
    return { ...statusOf(code), outOfMemory, because }
  })
  const kill = (cause?: string) => {
    if (hasExited) return
    because ??= cause ?? null
    // The kernel ends a PID namespace with its first process.
    killAll(bwrap, init)
  }
  network.onBroken(async ({ message }) => {
    await within(bwrap.exited, END_GRACE_MS, null)
    kill(`was ended because its network broke off: ${message}`)
  })
  return {
    stdout: bwrap.stdout,
    stderr: bwrap.stderr,
    address: network.socketPath === null ? null : { socket: network.socketPath },
    exited,
    listeners: async () => listenersOf(await listeningPorts(init.pid), doorPort),
    terminate: () => void (hasExited || signalNamespace(init.pid, 'SIGTERM')),
    kill,
    isStopped: createStopCheck(init.pid, MICRO_PORT),
  }
}

const isReady = (at: ListeningPort): boolean => at.port === MICRO_PORT && !at.v6LoopbackOnly

/** At the front door's port it is the way out that listens, not the app. */
function listenersOf(ports: readonly ListeningPort[], doorPort: number | null): Listeners {
  const names = ports
    .filter((at) => !isReady(at) && at.port !== doorPort)
    .map((at) => (at.v6LoopbackOnly ? `[::1]:${at.port}` : `${at.port}`))
  return { ready: ports.some(isReady), elsewhere: [...new Set(names)] }
}

/** bwrap passes an exit code on, and a signal as 128 plus its number, as shells do. */
function statusOf(code: number): Pick<ExitStatus, 'code' | 'signal'> {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)
  return signal ? { code: null, signal: signal[0] as NodeJS.Signals } : { code, signal: null }
}
