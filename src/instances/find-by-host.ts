import type { UserId } from '../kernel/ids.ts'
import { findInstanceAt, type Instance, listInstances } from './instances.ts'
import { customHosts } from './directory-entries.ts'
import { type AppHosts, hostNameOf } from './app-hosts.ts'
import type { Database } from '../storage/index.ts'
import type { InstancesTables } from './schema.ts'

/** An instance under one of its names. */
export interface InstanceHost {
  readonly instance: Instance
  /** The built-in one or an active custom domain, in our own spelling. */
  readonly hostName: string
  /** `http://notes.example.org:7070` */
  readonly origin: string
}

interface FindDeps {
  readonly db: Database<InstancesTables>
  readonly hosts: AppHosts
}

/**
 * Where `host`, as a request or a person named it, leads for its owner. Null for everything else: nobody learns which
 * other hosts there are, and a domain that waits for its proof leads nowhere.
 */
export async function findByHost(
  { db, hosts }: FindDeps,
  userId: UserId,
  host: string,
): Promise<InstanceHost | null> {
  const alias = hosts.aliasOf(host)
  const [instance] = await listInstances(
    db,
    userId,
    alias === null ? { domain: hostNameOf(host) } : { alias },
  )
  return instance ? instanceHostOf(hosts, instance, host) : null
}

/**
 * The name in `host`, in our own spelling, when this server serves an app there, whoever owns it. Null for everything else.
 * Tells a stranger what a request to that host tells.
 */
export async function servedName({ db, hosts }: FindDeps, host: string): Promise<string | null> {
  const alias = hosts.aliasOf(host)
  const instance = await findInstanceAt(db, alias === null ? { domain: hostNameOf(host) } : { alias })
  return (instance && instanceHostOf(hosts, instance, host)?.hostName) ?? null
}

/** The instance under the name in `host`; null when that is none of its names. */
export function instanceHostOf(hosts: AppHosts, instance: Instance, host: string): InstanceHost | null {
  const hostName = hostNameOf(host)
  const names = [hosts.hostName(instance.alias), ...customHosts(instance, hosts)]
  return names.includes(hostName) ? { instance, hostName, origin: hosts.originAt(hostName) } : null
}
