import { networkInterfaces } from 'node:os'
import { textOf } from '../process/read-all.ts'
import { type OwnAddress, type Reach, closedAddresses } from './closed-addresses.ts'
import { enterNetwork } from './network-owner.ts'
import { orAborted } from '../process/wait.ts'
import type { SandboxHost } from './sandbox.ts'
import { DNS_ADDRESS } from './etc-files.ts'

export interface NetworkFacts {
  /** Addresses of this machine, which lead past its loopback to all that listens on them. */
  readonly own: readonly OwnAddress[]
  /** Whether pasta answers at `DNS_ADDRESS` by TCP as well; else that leads to whatever has this address nearby. */
  readonly dnsOverTcp: boolean
}

/**
 * The rules of a sandbox's own network, for nft. Not routes: a socket that is bound to an interface goes around those. Pure.
 */
export function firewallRules(reach: Reach, { own, dnsOverTcp }: NetworkFacts): string {
  const { v4, v6 } = closedAddresses(reach, own)
  const dns = dnsOverTcp ? '{ udp, tcp }' : 'udp'
  return `table inet walls {
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
 * Closes the network of a process before anything of the app runs in it; the app, which has no rights over its own
 * network, cannot open it again. Without nft there is nothing to do. Throws with nft's words when it cannot be done.
 */
export async function closeNetwork(
  host: SandboxHost,
  pid: number,
  reach: Reach,
  signal: AbortSignal,
): Promise<void> {
  if (host.nft === null) return
  // Those of lo as well: a public address may lie there.
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
  const [errors, code] = await orAborted(Promise.all([textOf(child.stderr), child.exited]), signal)
  if (code !== 0)
    throw new Error(`the firewall cannot be set up: ${errors.trim() || `nft ended with ${code}`}`)
}
