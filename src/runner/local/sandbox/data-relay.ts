import { listeningPorts } from '../process/listening-ports.ts'
import { MAY_BIND, canRelay } from './hairpin-relay.ts'
import { DATA_DOOR_GROUP } from '../../../kernel/host-ids.ts'
import { type Relay, insideNetworkPrefix, startRelay } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'
import { SPACE_ADDRESS } from './space-hosts.ts'

/** Concurrent connections of one sandbox: each needs a process. */
export const MAX_DATA_CONNECTIONS = 256
/** SDKs have https compiled in. */
export const DATA_PORT = 443
/** While the data process is restarted, connections wait. */
const RETRIES = 'retry=20,interval=0.25'

/** Not for an ordinary user who may not own the network of a sandbox, as without nftables. */
export const canRelayData = (host: SandboxHost): boolean => canRelay(host, { port: DATA_PORT })

interface DataRelayOptions {
  readonly pid: number
  readonly uid: number | null
  /** Of the data process; the sandbox's user, or the group of relays, may connect to it. */
  readonly socketPath: string
}

/**
 * Leads the names of Deta Space, inside the network of process `pid`, to the process that serves Base and Drive. One relay: it
 * sees the host's files, so that it connects to the socket by itself, and its only address is that of both families.
 */
export const openDataRelay = (
  host: SandboxHost,
  setUp: SetUp,
  { pid, uid, socketPath }: DataRelayOptions,
): Promise<Relay> =>
  startRelay(host, setUp, {
    prefix: insideNetworkPrefix(host, pid, uid, MAY_BIND, DATA_DOOR_GROUP),
    from: `TCP4-LISTEN:${DATA_PORT},bind=${SPACE_ADDRESS},fork,nodelay,backlog=1024,max-children=${MAX_DATA_CONNECTIONS}`,
    to: `UNIX-CONNECT:"${socketPath}",${RETRIES}`,
    isListening: async () =>
      (await listeningPorts(pid)).some(({ port, isSpace }) => port === DATA_PORT && isSpace),
  })
