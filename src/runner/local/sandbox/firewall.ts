import { networkInterfaces } from 'node:os'
import { readAll } from '../process/read-all.ts'
import { type OwnAddress, type Reach, closedAddresses } from './closed-addresses.ts'
import { enterNetwork } from './network-owner.ts'
import { orAborted } from '../process/wait.ts'
import type { SandboxHost } from './sandbox.ts'
import { DNS_ADDRESS } from './etc-files.ts'

export interface NetworkFacts {
  /** Addresses of this machine: services that listen on them must not be reachable either. */
  readonly own: readonly OwnAddress[]
  /** Whether pasta also forwards TCP at `DNS_ADDRESS`. If not, a machine of the local network could have that address. */
  readonly dnsOverTcp: boolean
}

/** The rules of a sandbox's network, for nft. Routes would not do: a socket bound to an interface bypasses them. Pure. */
export function firewallRules(reach: Reach, { own, dnsOverTcp }: NetworkFacts): string {
  const { v4, v6 } = closedAddresses(reach, own)
  const dns = dnsOverTcp ? '{ udp, tcp }' : 'udp'
  return `table inet sandbox {
  set closed4 { type ipv4_addr; flags interval; auto-merge; elements = { ${v4.join(', ')} }; }
  set closed6 { type ipv6_addr; flags interval; auto-merge; elements = { ${v6.join(', ')} }; }
  chain out {
    type filter hook output priority filter; policy accept
    oif lo accept
    ip daddr ${DNS_ADDRESS} meta l4proto ${dns} th dport 53 accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    ip daddr @closed4 reject with icmpx admin-prohibited
    ip6 daddr @closed6 reject with icmpx admin-prohibited
  }
}
`
}

/**
 * Installs the firewall in the network of a process before the app runs in it. The app has no privileges over its
 * network and cannot remove the rules. Does nothing without nft. Throws with nft's message when nft fails.
 */
export async function installFirewall(
  host: SandboxHost,
  pid: number,
  reach: Reach,
  signal: AbortSignal,
): Promise<void> {
  if (host.nft === null) return
  // Including those of lo, which may have a public address.
  const own = Object.values(networkInterfaces()).flatMap((at) => at ?? [])
  const rules = firewallRules(reach, { own, dnsOverTcp: host.dnsOverTcp })
  const child = Bun.spawn({
    cmd: [...enterNetwork(host, pid), host.nft, '--file', '-'],
    stdio: [Buffer.from(rules), 'ignore', 'pipe'],
    env: {},
    cwd: '/',
    signal,
    killSignal: 'SIGKILL',
  })
  const [errors, code] = await orAborted(Promise.all([readAll(child.stderr), child.exited]), signal)
  if (code !== 0)
    throw new Error(`the firewall cannot be set up: ${errors.trim() || `nft exited with code ${code}`}`)
}
