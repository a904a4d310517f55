import type { Door } from '../../types.ts'
import { DNS_ADDRESS } from './etc-files.ts'

/** Inside its own network every micro has the same port, because apps hard-code it (APPS, COMPAT 4.1). */
export const MICRO_PORT = 8080

export interface NetworkRequest {
  /** The one port that leads to the host's loopback; null: none, or somebody else does it. */
  readonly door: Door | null
  /** Written once everything is in place. */
  readonly pidFile: string
}

/**
 * Options of pasta, which leads from a sandbox's network to the outside; the number of a process in that network
 * follows them. Pure; each line names its danger.
 */
export function pastaArgs({ door, pidFile }: NetworkRequest): string[] {
  return [
    '--foreground',
    '--quiet',
    '--config-net',
    // Without it the gateway's address would lead to the host's own loopback: databases, this server's sockets.
    '--no-map-gw',
    // Default is `auto`: every port that listens on the host would be one connection to 127.0.0.1 away. The door
    // that is meant for micros judges whoever comes, so it may be reached.
    ['--tcp-ns', door === null ? 'none' : `${door.port}:${door.hostPort}`, '--udp-ns', 'none'],
    // Default is `auto` too: every port the app opens would open on the host, on all addresses. The way in is another.
    ['--tcp-ports', 'none', '--udp-ports', 'none'],
    // The host's name server may sit on its loopback; pasta asks it on the app's behalf.
    ['--dns-forward', DNS_ADDRESS],
    // Addresses are set by --config-net; no servers for what nobody asks.
    ['--no-dhcp', '--no-dhcpv6', '--no-ra'],
    ['--pid', pidFile],
  ].flat()
}
