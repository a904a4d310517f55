import type { SandboxHost } from './sandbox.ts'

/**
 * Whether the network of a sandbox belongs to a user namespace around the sandbox, as on a server that runs as an
 * ordinary user. In the outer namespace that user is root and keeps the privileges over the network that a firewall
 * needs. The sandbox is in a namespace below it, without those privileges. Root has them without an outer namespace.
 */
export const hasOuterNamespace = ({ isRoot, nft }: SandboxHost): boolean => !isRoot && nft !== null

/** Arguments directly before bwrap, which they exec. bwrap must not create another network then. */
export const outerNamespacePrefix = (host: SandboxHost): string[] =>
  hasOuterNamespace(host) ? [host.programs.unshare, '--user', '--map-root-user', '--net', '--'] : []

/** Joins the network of a process, with all privileges over it where possible. */
export function enterNetwork(host: SandboxHost, pid: number): string[] {
  const into = [host.programs.nsenter, `--target=${pid}`, '--net']
  return host.isRoot ? [...into, '--'] : [...into, '--user', '--preserve-credentials', '--']
}

/** Drops the privileges that a helper in the network does not need, because the helper reads data from the app. */
export const withoutNetworkRights = (host: SandboxHost): string[] =>
  hasOuterNamespace(host)
    ? [host.programs.setpriv, '--inh-caps=-all', '--bounding-set=-all,+net_bind_service']
    : []
