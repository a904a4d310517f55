import { existsSync } from 'node:fs'
import { MICRO_PORT } from './pasta-args.ts'
import { type Relay, entering, startRelay, unixListener } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'

/** Connections at once; the gateway keeps far fewer open. */
const MAX_CONNECTIONS = 1024

export interface InboundRelayOptions {
  readonly uid: number | null
  /** Where the host reaches the micro; in a folder that its user alone may enter. */
  readonly socketPath: string
}

/**
 * Opens the way in: a relay in the network of process `pid`, where a Unix socket can be reached that the app cannot
 * see. To a port that pasta forwards every user of the machine could connect.
 */
export const openInboundRelay = (
  host: SandboxHost,
  pid: number,
  { uid, socketPath }: InboundRelayOptions,
): Promise<Relay> =>
  startRelay(host, {
    prefix: entering(host, pid, uid),
    from: unixListener(socketPath, MAX_CONNECTIONS),
    to: `TCP4:127.0.0.1:${MICRO_PORT},nodelay`,
    isListening: () => existsSync(socketPath),
  })
