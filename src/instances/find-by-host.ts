import type { UserId } from '../kernel/ids.ts'
import { findInstanceAt, type Instance, listInstances } from './instances.ts'
import { customHosts } from './directory-entries.ts'
import { type AppHosts, hostNameOf } from './app-hosts.ts'
import type { AppsTables } from '../projects/index.ts'
import type { Database } from '../storage/index.ts'

/** An instance under one of its names. */
export interface InstanceHost {
  readonly instance: Instance
  /** The built-in one or an active custom domain, in our own spelling. */
  readonly hostName: string
  /** `http://notes.example.org:7070` */
  readonly origin: string
}

interface FindDeps {
  readonly db: Database<AppsTables>
  readonly hosts: AppHosts
}

/**
 * The instance of this person under `host`, as a request or a person spelled it. Null for all other hosts, so that the
 * answer does not reveal whether they exist, and for a domain that waits for its proof.
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
 * The name in `host`, in our own spelling, when this server serves an app of any person there; otherwise null. A request
 * to that host reveals the same.
 */
export async function servedName({ db, hosts }: FindDeps, host: string): Promise<string | null> {
  const alias = hosts.aliasOf(host)
  const instance = await findInstanceAt(db, alias === null ? { domain: hostNameOf(host) } : { alias })
  return (instance && instanceHostOf(hosts, instance, host)?.hostName) ?? null
}

/** The instance under the name in `host`; null when the instance does not have that name. */
export function instanceHostOf(hosts: AppHosts, instance: Instance, host: string): InstanceHost | null {
  const hostName = hostNameOf(host)
  const names = [hosts.hostName(instance.alias), ...customHosts(instance, hosts)]
  return names.includes(hostName) ? { instance, hostName, origin: hosts.originAt(hostName) } : null
}
