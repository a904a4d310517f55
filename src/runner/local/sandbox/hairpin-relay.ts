import { existsSync } from 'node:fs'
import { listeningPorts } from '../process/listening-ports.ts'
import type { LoopbackRoute } from '../../micro-spec.ts'
import { helperPrefix } from './drop-privileges.ts'
import { hasOuterNamespace } from './network-owner.ts'
import { type Relay, insideNetworkPrefix, startRelay, unixListener } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'
import { sourceAddressOf } from './source-address.ts'

/** Concurrent connections of one micro: each needs a process on either side. */
export const MAX_HAIRPIN_CONNECTIONS = 256
const FIRST_UNPRIVILEGED_PORT = 1024
/** The only capability that is kept. The program runs in the sandbox's network and cannot bind a port of the host. */
export const MAY_BIND = ['--inh-caps=+net_bind_service', '--ambient-caps=+net_bind_service']

export interface HairpinRelayOptions {
  readonly pid: number
  readonly uid: number | null
  readonly route: LoopbackRoute
  /** The instance. The gateway counts connections per instance by their source address (`sourceAddressOf`). */
  readonly owner: string
  /** Connects the two networks; in a folder that only the sandbox's user may enter. */
  readonly socketPath: string
}

/**
 * Whether a relay can listen on the port. Below 1024 that takes a capability over the sandbox's network. Where the
 * network belongs to the sandbox itself, an ordinary user loses the capability when a program is executed in there
 * (capabilities(7)). pasta forwards such a port instead: it executes no program.
 */
export const canRelay = (host: SandboxHost, { port }: Pick<LoopbackRoute, 'port'>): boolean =>
  host.isRoot || hasOuterNamespace(host) || port >= FIRST_UNPRIVILEGED_PORT

/**
 * Lets the network of process `pid` reach one port of the host's loopback and no other: two relays, one on either
 * side, with a Unix socket between them that the app cannot see.
 */
export async function openHairpinRelay(
  host: SandboxHost,
  setUp: SetUp,
  { pid, uid, route, owner, socketPath }: HairpinRelayOptions,
): Promise<Relay[]> {
  const outside = startRelay(host, setUp, {
    prefix: helperPrefix(host, uid),
    from: unixListener(socketPath, MAX_HAIRPIN_CONNECTIONS),
    to: `TCP4:127.0.0.1:${route.hostPort},bind=${sourceAddressOf(owner)},nodelay`,
    isListening: () => existsSync(socketPath),
  })
  const inside = startRelay(host, setUp, {
    prefix: insideNetworkPrefix(host, pid, uid, route.port < FIRST_UNPRIVILEGED_PORT ? MAY_BIND : []),
    from: `TCP4-LISTEN:${route.port},bind=127.0.0.1,fork,nodelay,backlog=1024,max-children=${MAX_HAIRPIN_CONNECTIONS}`,
    to: `UNIX-CONNECT:"${socketPath}"`,
    isListening: async () => (await listeningPorts(pid)).some(({ port }) => port === route.port),
  })
  const relays = await Promise.allSettled([outside, inside])
  const failure = relays.find((relay) => relay.status === 'rejected')
  const started = relays.flatMap((relay) => (relay.status === 'fulfilled' ? [relay.value] : []))
  if (!failure) return started
  await Promise.all(started.map((relay) => relay.end()))
  throw failure.reason
}
