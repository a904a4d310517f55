import { existsSync } from 'node:fs'
import { MICRO_PORT } from './pasta-args.ts'
import { type Relay, insideNetworkPrefix, startRelay, unixListener } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'

/** Concurrent connections; the gateway keeps far fewer open. */
export const MAX_INBOUND_CONNECTIONS = 1024

export interface InboundRelayOptions {
  readonly pid: number
  readonly uid: number | null
  /** Where the host reaches the micro; in a folder that only the micro's user may enter. */
  readonly socketPath: string
}

/**
 * Relays a Unix socket, which the app cannot see, to the micro's port in the network of process `pid`. Not a port that
 * pasta forwards: every user of the machine could connect to it.
 */
export const openInboundRelay = (
  host: SandboxHost,
  setUp: SetUp,
  { pid, uid, socketPath }: InboundRelayOptions,
): Promise<Relay> =>
  startRelay(host, setUp, {
    prefix: insideNetworkPrefix(host, pid, uid),
    from: unixListener(socketPath, MAX_INBOUND_CONNECTIONS),
    to: `TCP4:127.0.0.1:${MICRO_PORT},nodelay`,
    isListening: () => existsSync(socketPath),
  })
