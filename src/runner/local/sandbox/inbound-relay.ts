import { existsSync } from 'node:fs'
import { MICRO_PORT } from './pasta-args.ts'
import { type Relay, entering, startRelay, unixListener } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'

/** Connections at once; the gateway keeps far fewer open. */
export const MAX_WAY_IN = 1024

export interface InboundRelayOptions {
  readonly pid: number
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
  setUp: SetUp,
  { pid, uid, socketPath }: InboundRelayOptions,
): Promise<Relay> =>
  startRelay(host, setUp, {
    prefix: entering(host, pid, uid),
    from: unixListener(socketPath, MAX_WAY_IN),
    to: `TCP4:127.0.0.1:${MICRO_PORT},nodelay`,
    isListening: () => existsSync(socketPath),
  })
