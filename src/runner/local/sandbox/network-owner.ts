import type { SandboxHost } from './sandbox.ts'

/**
 * Whether the network of a sandbox belongs to a user namespace around it, as on a server that runs as an ordinary user:
 * in there its user is root, and so keeps the rights over the network that packet filters take. The sandbox lies in a
 * namespace of its own below, which has none of them. A server that is root has these rights anyway.
 */
export const isNetworkOwnedAround = ({ isRoot, nft }: SandboxHost): boolean => !isRoot && nft !== null

/** What comes directly before bwrap, and becomes it. bwrap must not make another network then. */
export const ownNetworkAround = (host: SandboxHost): string[] =>
  isNetworkOwnedAround(host) ? [host.programs.unshare, '--user', '--map-root-user', '--net', '--'] : []

/** Joins the network of a process, with every right over it where that can be had. */
export function enterNetwork(host: SandboxHost, pid: number): string[] {
  const into = [host.programs.nsenter, `--target=${pid}`, '--net']
  return host.isRoot ? [...into, '--'] : [...into, '--user', '--preserve-credentials', '--']
}

/** Gives up the rights that a program of ours in there does not need: it reads what the app sends. */
export const withoutNetworkRights = (host: SandboxHost): string[] =>
  isNetworkOwnedAround(host)
    ? [host.programs.setpriv, '--inh-caps=-all', '--bounding-set=-all,+net_bind_service']
    : []
