import { existsSync } from 'node:fs'
import { listeningPorts } from '../process/listening-ports.ts'
import type { Door } from '../../types.ts'
import { besideSandbox } from './drop-privileges.ts'
import { isNetworkOwnedAround } from './network-owner.ts'
import { type Relay, entering, startRelay, unixListener } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'
import { sourceAddressOf } from './source-address.ts'

/** Of one micro, at once: a call costs a process on either side. */
export const MAX_WAY_OUT = 256
const FIRST_PLAIN_PORT = 1024
/** The one right that is kept, by a program that stands in the sandbox's network and can bind nothing of the host's. */
const MAY_BIND = ['--inh-caps=+net_bind_service', '--ambient-caps=+net_bind_service']

export interface HairpinRelayOptions {
  readonly pid: number
  readonly uid: number | null
  readonly door: Door
  /** Whose calls these are: the front door counts an instance's connections by the address they come from. */
  readonly owner: string
  /** Between the two networks; in a folder that its user alone may enter. */
  readonly socketPath: string
}

/**
 * Whether a relay can listen on the port. Below 1024 it takes a right over the sandbox's network. Where that belongs to
 * the sandbox itself, an ordinary user loses it with the first program that is started in there (capabilities(7));
 * pasta starts none.
 */
export const canRelay = (host: SandboxHost, { port }: Door): boolean =>
  host.isRoot || isNetworkOwnedAround(host) || port >= FIRST_PLAIN_PORT

/**
 * Opens the way out of process `pid`'s network to the host's loopback, to one port of it and no other: two relays,
 * one on either side, with a Unix socket between them that the app cannot see.
 */
export async function openHairpinRelay(
  host: SandboxHost,
  setUp: SetUp,
  { pid, uid, door, owner, socketPath }: HairpinRelayOptions,
): Promise<Relay[]> {
  const outside = startRelay(host, setUp, {
    prefix: besideSandbox(host, uid),
    from: unixListener(socketPath, MAX_WAY_OUT),
    to: `TCP4:127.0.0.1:${door.hostPort},bind=${sourceAddressOf(owner)},nodelay`,
    isListening: () => existsSync(socketPath),
  })
  const inside = startRelay(host, setUp, {
    prefix: entering(host, pid, uid, door.port < FIRST_PLAIN_PORT ? MAY_BIND : []),
    from: `TCP4-LISTEN:${door.port},bind=127.0.0.1,fork,nodelay,backlog=1024,max-children=${MAX_WAY_OUT}`,
    to: `UNIX-CONNECT:"${socketPath}"`,
    isListening: async () => (await listeningPorts(pid)).some(({ port }) => port === door.port),
  })
  const relays = await Promise.allSettled([outside, inside])
  const failure = relays.find((relay) => relay.status === 'rejected')
  const started = relays.flatMap((relay) => (relay.status === 'fulfilled' ? [relay.value] : []))
  if (!failure) return started
  await Promise.all(started.map((relay) => relay.end()))
  throw failure.reason
}
