import type { LoopbackRoute } from '../../micro-spec.ts'
import { DNS_ADDRESS } from './etc-files.ts'

/** Every micro has the same port inside its own network, because apps hard-code it (COMPAT 4.1). */
export const MICRO_PORT = 8080

export interface NetworkRequest {
  /** The only port that pasta forwards to the host's loopback; null: none, or a relay forwards it. */
  readonly hairpin: LoopbackRoute | null
  /** Written once the network is configured. */
  readonly pidFile: string
}

/**
 * Options of pasta, which connects a sandbox's network to the outside; the number of a process in that network
 * follows them. Pure; the comments name the danger behind each option.
 */
export function pastaArgs({ hairpin, pidFile }: NetworkRequest): string[] {
  return [
    '--foreground',
    '--quiet',
    '--config-net',
    // Without it, the address of the network's gateway would reach the host's loopback: databases, this server's sockets.
    '--no-map-gw',
    // Default is `auto`: every listening port of the host would be reachable on 127.0.0.1. The listener for micros
    // authorises every request, so micros may reach it.
    ['--tcp-ns', hairpin === null ? 'none' : `${hairpin.port}:${hairpin.hostPort}`, '--udp-ns', 'none'],
    // Default is `auto` too: every port the app opens would open on all addresses of the host. See `inbound-relay.ts`.
    ['--tcp-ports', 'none', '--udp-ports', 'none'],
    // The host's name server may listen on the host's loopback; pasta forwards the app's lookups to it.
    ['--dns-forward', DNS_ADDRESS],
    // --config-net sets the addresses; servers that hand them out are not needed.
    ['--no-dhcp', '--no-dhcpv6', '--no-ra'],
    ['--pid', pidFile],
  ].flat()
}
