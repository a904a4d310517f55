import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { textOf } from '../process/read-all.ts'
import { MICRO_LIMITS } from '../../limits.ts'
import { findCgroupParent } from './cgroup.ts'
import { readHostRoot } from './root-filesystem.ts'
import { APP_DIR, launchInSandbox } from './launch.ts'
import { removeLeftNetworks } from './network.ts'
import { findNft, findPrograms, findShell } from './programs.ts'
import type { PlainRefusal, Programs, Sandbox, SandboxHost, Toolchain } from './sandbox.ts'
import { seccompProgram } from './seccomp.ts'
import { findToolchain } from './toolchain.ts'

export interface DetectOptions {
  /** The node that apps run on; by default the first on this server's PATH, if any. */
  readonly nodePath?: string
  /** The bun that apps run on; by default the one this server runs on. */
  readonly bunPath?: string
  /** Where there are no walls: why nothing may run without them, or null. By default everything may. */
  readonly refusePlain?: PlainRefusal
}

/**
 * Finds out how this machine can run what others wrote, by building the walls once for real. Takes some 50 ms.
 * `auto` falls back to plain processes, `require` to running nothing; `summary` says why and what to type.
 */
export async function detectSandbox(
  mode: 'auto' | 'require' | 'off' = 'auto',
  options: DetectOptions = {},
): Promise<Sandbox> {
  const toolchain = findToolchain({
    nodePath: options.nodePath ?? Bun.which('node'),
    bunPath: options.bunPath ?? process.execPath,
  })
  const refusePlain = options.refusePlain ?? (async () => null)
  if (mode === 'off') return plain(toolchain, refusePlain, 'It is switched off.')
  const found = await tryWalls(toolchain)
  if (typeof found === 'string')
    return mode === 'auto' ? plain(toolchain, refusePlain, found) : refused(found)
  const { host, gaps } = found
  return {
    kind: 'walls',
    available: true,
    summary: [summaryOf(host), ...gaps].join('\n'),
    gaps,
    host,
    toolchain,
  }
}

const refused = (reason: string): Sandbox => ({
  kind: 'refused',
  available: false,
  summary: `Apps do not run: the sandbox is required.\n${reason}`,
})

const plain = (toolchain: Toolchain, refusal: PlainRefusal, reason: string): Sandbox => ({
  kind: 'plain',
  available: false,
  summary: `Apps run without a sandbox: run only your own, for they can read and change all that this server can.\n${reason}`,
  toolchain,
  refusal,
})

interface Walls {
  readonly host: SandboxHost
  readonly gaps: readonly string[]
}

/** The working walls, or what is wrong and what to type. */
async function tryWalls(toolchain: Toolchain): Promise<Walls | string> {
  if (process.platform !== 'linux') return 'The sandbox needs Linux.'
  removeLeftNetworks()
  const found = findPrograms()
  if (found.kind === 'missing') return missingPackages(found.packages)
  const host = hostWith(found.programs)
  if (host === null)
    return 'There is no /dev/net/tun: load it with `modprobe tun`, or give it to the container.'
  return weakenUntilItWorks(host, toolchain)
}

/** The strongest walls of those that this machine can build; the first fault when it can build none. */
async function weakenUntilItWorks(host: SandboxHost, toolchain: Toolchain): Promise<Walls | string> {
  const problem = await runOnce(host, toolchain)
  if (problem === null) return { host, gaps: gapsOf(host, missingPackages(['nftables'])) }
  for (const weaker of weakened(host))
    if ((await runOnce(weaker, toolchain)) === null)
      return { host: weaker, gaps: gapsOf(weaker, host.isRoot ? problem : adviceFor(problem)) }
  return adviceFor(problem)
}

const weakened = (host: SandboxHost): SandboxHost[] => [
  ...(host.nft === null ? [] : [{ ...host, nft: null }]),
  ...(host.isRoot
    ? [
        { ...host, showsClosedFolders: false },
        { ...host, showsClosedFolders: false, nft: null },
      ]
    : []),
]

/** What walls do not keep out, and why. */
const gapsOf = (host: SandboxHost, reason: string): string[] => [
  ...(host.nft === null ? [openNetwork(reason)] : []),
  ...(host.showsClosedFolders ? [] : [openFolders(reason)]),
  ...(host.isRoot ? [] : [SHARED_USER]),
  ...(host.cgroups?.cpuDir ? [] : [unevenCpu(host)]),
]

const SHARED_USER =
  "All apps run as this server's user: one that broke out of its sandbox could read what every other app keeps.\n" +
  'A server that runs as root gives each app a user of its own.'

const openFolders = (reason: string) =>
  `Users of this machine can read the code of an app when they know the id of its revision: root may not mount here.\n${reason}`

const openNetwork = (reason: string) =>
  'Apps can reach services that listen on this machine only, the network around it, such as your router, and what a ' +
  `cloud tells a machine.\n${reason}`

const unevenCpu = ({ isRoot }: SandboxHost) =>
  `A busy app can slow down the others: this server may not make control groups that share out the CPU, so each session of processes has a share, and an app can open many. Builds take a smaller share.\n${
    isRoot ? 'Give the container or service write access to /sys/fs/cgroup.' : 'Run the server as root.'
  }`

function hostWith(programs: Programs): SandboxHost | null {
  const isRoot = process.getuid?.() === 0
  const tun = statSync('/dev/net/tun', { throwIfNoEntry: false })
  if (!tun) return null
  const isShared = (tun.mode & 0o006) === 0o006
  return {
    programs,
    root: readHostRoot(),
    shell: findShell(),
    isRoot,
    showsClosedFolders: true,
    tun: isShared || !isRoot ? 'shared' : 'private',
    cgroups: findCgroupParent(),
    seccomp: seccompProgram(process.arch),
    nft: findNft(),
    dnsOverTcp: knowsDnsHost(programs.pasta),
  }
}

/** The versions that have this option forward lookups by TCP, too. */
function knowsDnsHost(pasta: string): boolean {
  const { stdout, stderr } = Bun.spawnSync([pasta, '--help'], { env: {}, cwd: '/' })
  return `${stdout}${stderr}`.includes('--dns-host')
}

/** Null when a command ran behind the walls, else what went wrong. */
async function runOnce(host: SandboxHost, toolchain: Toolchain): Promise<string | null> {
  const parent = mkdtempSync(join(tmpdir(), 'ownspace-try-'))
  const dir = join(parent, 'app')
  mkdirSync(dir)
  // As the folders of apps are: readable for the host user that the trial may run as, behind one that is closed to it.
  chmodSync(dir, 0o755)
  if (!host.showsClosedFolders) chmodSync(parent, 0o711)
  try {
    const trial = await launchInSandbox(host, toolchain, {
      script: 'true',
      dir: { source: dir, target: APP_DIR, writable: false },
      otherMounts: [],
      env: {},
      owner: 'trial',
      inbound: true,
      ownHost: null,
      reach: 'public',
      limits: MICRO_LIMITS,
    })
    const timer = setTimeout(() => trial.kill(), MICRO_LIMITS.setUpMs)
    const [, errors, status] = await Promise.all([textOf(trial.stdout), textOf(trial.stderr), trial.exited])
    clearTimeout(timer)
    return status.code === 0 ? null : errors.trim() || `the trial ended with code ${status.code}`
  } catch (error) {
    return (error as Error).message
  } finally {
    rmSync(parent, { recursive: true })
  }
}

function missingPackages(packages: readonly string[]): string {
  const names = packages.join(' ')
  return `Not installed: ${names}. On Debian and Ubuntu type: sudo apt-get install ${names}`
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /uid map|new namespace|unshare|clone|Operation not permitted|No permissions/i,
    'This system does not let ordinary users make namespaces. Type: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 ' +
      '(Ubuntu) or kernel.unprivileged_userns_clone=1 (older Debian); in a container, allow user namespaces and mounts.',
  ],
  [/tun/i, 'pasta may not use /dev/net/tun. Type: sudo chmod 666 /dev/net/tun'],
  [/[Uu]nknown option|unrecognized option/, 'bubblewrap 0.8 and passt of 2023 or newer are needed.'],
]

function adviceFor(message: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1] ?? 'The sandbox does not work here.'
  return `${advice}\n(${message})`
}

function summaryOf(host: SandboxHost): string {
  const users = host.isRoot ? 'a host user of its own for every instance' : "this server's user"
  const cpu = host.cgroups?.cpuDir ? 'one share of the CPU per app, a fifth of one per build, ' : ''
  const bounds = host.cgroups
    ? `${cpu}memory and processes bounded per micro`
    : 'processes bounded per micro, memory per process only (no control group may be made here)'
  const calls = host.seccomp ? '' : `; system calls are not filtered on ${process.arch}`
  const network = host.nft === null ? '; the network around this machine is open to them' : ''
  return `Apps run behind bubblewrap and pasta, as ${users}; ${bounds}${calls}${network}.`
}
