import type { NetConnectOpts, Socket } from 'node:net'
import { connect } from 'node:net'
import type { Command } from '../process/command.ts'
import {
  type ProcessIdentity,
  descendantsOf,
  identify,
  isAlive,
  signalProcess,
} from '../process/process-tree.ts'
import { orAborted } from '../process/wait.ts'
import { APP_DIR } from './app-dir.ts'
import { bwrapArgs } from './bwrap-args.ts'
import { dropPrivileges } from './drop-privileges.ts'
import { etcFiles, openNamelessFile } from './etc-files.ts'
import { initCommand } from './init-command.ts'
import { hasOuterNamespace, outerNamespacePrefix } from './network-owner.ts'
import type { SandboxHost, Toolchain } from './sandbox.ts'
import { SandboxError, type SetUp } from './set-up.ts'

/** Descriptors as bwrap sees them; those of the files of /etc follow. None of them is open when the app starts. */
const INFO_FD = 3
const ARGS_FD = 4
const FIRST_FILE_FD = 5

/** A running bwrap. It sets up the sandbox and then waits, in `initCommand`, for a line on its standard input. */
export type Bwrap = ReturnType<typeof spawnBwrap>

export function spawnBwrap(host: SandboxHost, toolchain: Toolchain, command: Command, uid: number | null) {
  const etc = etcFiles(command.ownHost)
  using files = openFiles([...etc.map(({ content }) => content), ...(host.seccomp ? [host.seccomp] : [])])
  const { prefix, mounts } = dropPrivileges(host, uid, [
    command.dir,
    ...command.otherMounts,
    ...toolchain.mounts,
  ])
  const args = bwrapArgs({
    root: host.root,
    mounts,
    links: toolchain.links,
    etcFiles: etc.map(({ path }, at) => ({ path, fd: FIRST_FILE_FD + at })),
    makesNetwork: !hasOuterNamespace(host),
    seccompFd: host.seccomp && FIRST_FILE_FD + etc.length,
    infoFd: INFO_FD,
    env: command.env,
    workingDir: APP_DIR,
    tmpBytes: command.limits.tmpBytes,
  })
  const outside = [
    ...prefix,
    ...outerNamespacePrefix(host),
    host.programs.bwrap,
    '--args',
    String(ARGS_FD),
    '--',
  ]
  const bwrap = Bun.spawn({
    cmd: [...outside, ...initCommand(host, command)],
    stdio: ['pipe', 'pipe', 'pipe', 'socket-fd', 'socket-fd', ...files.fds],
    // These programs run outside the sandbox: an LD_PRELOAD of the app must never reach them.
    env: {},
    cwd: '/',
  })
  pipeOf(bwrap, ARGS_FD)
    // A bwrap that exits without reading its arguments reports the reason on its error stream.
    .on('error', () => {})
    .end(args.map((arg) => `${arg}\0`).join(''))
  return bwrap
}

/** bwrap writes the number of the sandbox's first process as JSON before it sets up the sandbox. */
export async function readInit(bwrap: Bwrap, { signal }: SetUp): Promise<ProcessIdentity> {
  const info: Socket = pipeOf(bwrap, INFO_FD)
  try {
    const pid = await orAborted(pidFrom(info), signal)
    if (pid !== null) return identify(pid)
    throw new SandboxError('bwrap exited before it created a process')
  } finally {
    info.destroy()
  }
}

/** Kills also the children that bwrap has started before it set their parent-death signal. */
export function killSandbox(bwrap: Bwrap, init: ProcessIdentity | null): void {
  const isRunning = bwrap.exitCode === null && bwrap.signalCode === null
  for (const pid of isRunning ? descendantsOf(bwrap.pid) : []) signalProcess(pid, 'SIGKILL')
  if (init && isAlive(init)) signalProcess(init.pid, 'SIGKILL')
  bwrap.kill('SIGKILL')
}

/** Our end of a descriptor that bwrap inherited. Bun's `connect` adopts it; the types of Node do not declare that. */
const pipeOf = (bwrap: { readonly stdio: readonly unknown[] }, fd: number): Socket =>
  connect({ fd: bwrap.stdio[fd] } as unknown as NetConnectOpts)

function openFiles(contents: readonly (string | Uint8Array)[]): Disposable & { readonly fds: number[] } {
  const files = contents.map(openNamelessFile)
  return {
    fds: files.map(({ fd }) => fd),
    [Symbol.dispose]: () => files.forEach((file) => file[Symbol.dispose]()),
  }
}

function pidFrom(info: Socket): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let text = ''
    info.setEncoding('latin1')
    info.on('data', (chunk) => {
      text += chunk
      // Read up to the closing brace: bwrap writes in pieces, and a pipe closed in between would kill it.
      if (text.includes('}')) resolve((JSON.parse(text) as { 'child-pid': number })['child-pid'])
    })
    info.on('error', reject)
    info.on('close', () => resolve(null))
  })
}
