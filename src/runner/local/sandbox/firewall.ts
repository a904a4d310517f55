import { networkInterfaces } from 'node:os'
import { textOf } from '../process/read-all.ts'
import { orAborted } from '../process/wait.ts'
import type { SandboxHost } from './sandbox.ts'
import { DNS_ADDRESS } from './etc-files.ts'

/** What a sandbox may reach: the internet, or the machines around this one as well. */
export type Reach = 'public' | 'lan'

/** Closed to everyone: neighbours by link, and where clouds tell a machine its secrets. */
const METADATA = {
  ip: ['169.254.0.0/16', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ip6: ['fe80::/10', 'fd00:ec2::254', 'fd20:ce::254'],
}

/** Private and shared ranges (RFC 1918, 4193, 6598, 8215), this network, and whoever listens to many. */
const LAN = {
  ip: ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16'],
  ip6: ['fc00::/7', 'fec0::/10', '64:ff9b:1::/48'],
}
const MANY = { ip: ['224.0.0.0/3'], ip6: ['ff00::/8'] }

/**
 * The rules of a sandbox's own network, for nft. Not routes: whoever binds a socket to an interface goes around those.
 * `own`: addresses of this machine, which lead past its loopback to all that listens on them. Pure.
 */
export function firewallRules(reach: Reach, own: readonly string[]): string {
  const closed = [METADATA, ...(reach === 'public' ? [LAN, MANY] : [])]
  const v4 = [...closed.flatMap(({ ip }) => ip), ...own.filter((address) => !address.includes(':'))]
  const v6 = [...closed.flatMap(({ ip6 }) => ip6), ...own.filter((address) => address.includes(':'))]
  return `table inet walls {
  set closed4 { type ipv4_addr; flags interval; auto-merge; elements = { ${v4.join(', ')} }; }
  set closed6 { type ipv6_addr; flags interval; auto-merge; elements = { ${v6.join(', ')} }; }
  chain out {
    type filter hook output priority filter; policy accept
    oif lo accept
    ip daddr ${DNS_ADDRESS} udp dport 53 accept
    ip daddr ${DNS_ADDRESS} tcp dport 53 accept
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
  const own = Object.values(networkInterfaces()).flatMap(
    (at) => at?.filter(({ internal }) => !internal) ?? [],
  )
  const rules = firewallRules(
    reach,
    own.map(({ address }) => address),
  )
  const child = Bun.spawn({
    cmd: [host.programs.nsenter, '--net', `--target=${pid}`, '--', host.nft, '--file', '-'],
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
