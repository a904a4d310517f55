import type { NetConnectOpts, Socket } from 'node:net'
import { connect } from 'node:net'
import { constants } from 'node:os'
import type { Command } from '../process/command.ts'
import { type ListeningPort, listeningPorts } from '../process/listening-ports.ts'
import { descendantsOf, namespaceEnd, signalNamespace, signalProcess } from '../process/process-tree.ts'
import type { ExitStatus, Listeners, RunningProcess } from '../process/running-process.ts'
import { textOf } from '../process/read-all.ts'
import { bwrapArgs } from './bwrap-args.ts'
import { type Cgroup, createCgroup } from './cgroup.ts'
import { closeNetwork } from './firewall.ts'
import { hostSideOf } from './drop-privileges.ts'
import { hostUidOf } from './host-user.ts'
import { loopbackIsReady } from './loopback.ts'
import { type Network, prepareNetwork } from './network.ts'
import { isNetworkOwnedAround, ownNetworkAround } from './network-owner.ts'
import { initCommand } from './init-command.ts'
import { MICRO_PORT } from './pasta-args.ts'
import type { SandboxHost, Toolchain } from './sandbox.ts'
import { openNamelessFile, etcFiles } from './etc-files.ts'

/** Descriptors as bwrap sees them; the stubs follow. None of them is left when the app starts. */
const INFO_FD = 3
const ARGS_FD = 4
const FIRST_FILE_FD = 5

/** Where the app's folder is inside. */
export const APP_DIR = '/app'

/** This machine could not build the walls; the app is not to blame. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
}

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
  const network = prepareNetwork(host, {
    uid,
    inbound: command.inbound,
    door: command.ownHost,
  })
  let cgroup: Cgroup | null = null
  try {
    cgroup = host.cgroups && createCgroup(host.cgroups, withTmp(command.limits))
    const initPid = await readInitPid(bwrap)
    // The first process before its children: what is started in between is in already.
    cgroup?.join([initPid])
    cgroup?.join(descendantsOf(initPid))
    const isGone = () => bwrap.exitCode !== null || bwrap.signalCode !== null
    if (!isNetworkOwnedAround(host)) await loopbackIsReady(initPid, isGone)
    // bwrap itself stands in the namespace around the sandbox, and in the same network.
    const networkPid = isNetworkOwnedAround(host) ? bwrap.pid : initPid
    await Promise.all([network.attach(networkPid), closeNetwork(host, networkPid, command.reach)])
    bwrap.stdin.write('go\n')
    await bwrap.stdin.end()
    return running({ bwrap, initPid, network, doorPort: command.ownHost?.port ?? null, cgroup })
  } catch (cause) {
    bwrap.kill('SIGKILL')
    await Promise.allSettled([bwrap.exited, network.close()])
    cgroup?.remove()
    // What bwrap says comes first: without it, the others fail because it has gone.
    const complaint = (await textOf(bwrap.stderr)).trim()
    throw new SandboxError(complaint || (cause as Error).message, { cause })
  }
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
  pipeOf(bwrap, ARGS_FD).end(args.map((arg) => `${arg}\0`).join(''))
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
async function readInitPid(bwrap: Bwrap): Promise<number> {
  const info: Socket = pipeOf(bwrap, INFO_FD)
  try {
    const pid = await Promise.race([pidFrom(info), bwrap.exited.then(() => null)])
    if (pid !== null) return pid
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
  initPid: number
  network: Network
  doorPort: number | null
  cgroup: Cgroup | null
}): RunningProcess {
  const { bwrap, initPid, network, doorPort, cgroup } = parts
  let hasExited = false
  const exited = bwrap.exited.then(async (code): Promise<ExitStatus> => {
    hasExited = true
    // bwrap goes when the app's first process does; what that one started may be a moment behind.
    await Promise.all([namespaceEnd(initPid), network.close()])
    const outOfMemory = cgroup?.wasOutOfMemory() ?? false
    cgroup?.remove()
    return { ...statusOf(code), outOfMemory }
  })
  return {
    stdout: bwrap.stdout,
    stderr: bwrap.stderr,
    address: network.socketPath === null ? null : { socket: network.socketPath },
    exited,
    listeners: async () => listenersOf(await listeningPorts(initPid), doorPort),
    terminate: () => void (hasExited || signalNamespace(initPid, 'SIGTERM')),
    // The kernel ends a PID namespace with its first process.
    kill: () => void (hasExited || signalProcess(initPid, 'SIGKILL')),
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

const withTmp = ({ memoryBytes, tmpBytes, processes }: Command['limits']) => ({
  memoryBytes: memoryBytes + tmpBytes,
  processes,
})
