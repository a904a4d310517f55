/** What the operator reads about the sandbox, at start and from `space doctor`. */
import { canRelayData } from './data-relay.ts'
import type { SandboxHost } from './sandbox.ts'

export const NO_TUN =
  'There is no /dev/net/tun: load it with `modprobe tun`, or pass the device to the container.'

export const refusedSummary = (reason: string): string => `Apps do not run: a sandbox is required.\n${reason}`

export const unsandboxedSummary = (reason: string): string =>
  `Apps run without a sandbox: run only your own apps, because an app can read and change everything that this server can. Base and Drive do not work in apps.\n${reason}`

export function missingPackages(packages: readonly string[]): string {
  const names = packages.join(' ')
  return `Not installed: ${names}. On Debian and Ubuntu, run: sudo apt-get install ${names}`
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /uid map|new namespace|unshare|clone|Operation not permitted|No permissions/i,
    'This system does not allow ordinary users to create namespaces. Run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 ' +
      '(Ubuntu) or kernel.unprivileged_userns_clone=1 (older Debian); in a container, allow user namespaces and mounts.',
  ],
  [/tun/i, 'pasta may not use /dev/net/tun. Run: sudo chmod 666 /dev/net/tun'],
  [
    /[Uu]nknown option|unrecognized option/,
    'The sandbox needs bubblewrap 0.8 or newer and passt of 2023 or newer.',
  ],
]

export function adviceFor(failure: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(failure))?.[1] ?? 'The sandbox does not work here.'
  return `${advice}\n(${failure})`
}

export function summaryOf(host: SandboxHost): string {
  const users = host.isRoot ? 'each instance with its own host user' : "all with this server's user"
  const cpu = host.cgroups?.cpuDir ? 'one share of the CPU per app, a fifth of a share per build, ' : ''
  const bounds = host.cgroups
    ? `${cpu}memory and processes limited per micro`
    : 'processes limited per micro, memory only per process (this server may not create control groups)'
  const calls = host.seccomp ? '' : `; system calls are not filtered on ${process.arch}`
  const network = host.nft === null ? '; apps can reach the network around this machine' : ''
  return `Apps run in a sandbox of bubblewrap and pasta, ${users}; ${bounds}${calls}${network}.`
}

/** What the sandbox does not prevent, and why. */
export const limitationsOf = (host: SandboxHost, reason: string): string[] => [
  ...(host.nft === null ? [openNetwork(reason)] : []),
  ...(canRelayData(host) ? [] : [noData(reason)]),
  ...(host.showsClosedFolders ? [] : [openFolders(reason)]),
  ...(host.isRoot ? [] : [SHARED_USER]),
  ...(host.cgroups?.cpuDir ? [] : [unevenCpu(host)]),
]

const SHARED_USER =
  "All apps run as this server's user: an app that escaped from its sandbox could read the data of every other app.\n" +
  'A server that runs as root gives each app its own user.'

const noData = (reason: string) =>
  `Apps cannot reach Base and Drive: as an ordinary user, this server needs the firewall of sandboxes for that.\n${reason}`

const openFolders = (reason: string) =>
  `Users of this machine can read the code of an app if they know the id of its revision: root may not mount here.\n${reason}`

const openNetwork = (reason: string) =>
  'Apps can reach services that listen on this machine only, the network around it, such as your router, and the ' +
  `metadata service of a cloud.\n${reason}`

const unevenCpu = ({ isRoot }: SandboxHost) =>
  `A busy app can slow down the others: this server may not create control groups for the CPU, so each session of processes gets one share of the CPU, and an app can open many sessions. Builds get a smaller share.\n${
    isRoot ? 'Give the container or service write access to /sys/fs/cgroup.' : 'Run the server as root.'
  }`
