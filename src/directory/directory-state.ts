import { belowMount, type CredentialBook, type KeyGrant, type SessionGrant } from '../access/index.ts'
import { AppPool } from './app-pool.ts'
import { digestText, isSameDigest, MAX_TOKEN_LENGTH } from './digest.ts'
import { HostIndex } from './host-index.ts'
import { entryOf, InstanceRecord } from './instance-record.ts'
import { KeyStore } from './key-store.ts'
import { SessionStore } from './session-store.ts'
import type {
  DirectoryChange,
  InstanceEntry,
  KeyEntry,
  Location,
  SessionEntry,
  UpstreamAddress,
} from './types.ts'

const UNKNOWN_HOST: Location = { kind: 'unknown-host' }

/** The whole directory in memory, on either side of the channel. Changes apply in any order and more than once. */
export class DirectoryState implements CredentialBook {
  readonly keys = new KeyStore()
  readonly sessions = new SessionStore()
  readonly #instances = new Map<string, InstanceRecord>()
  readonly #hosts = new HostIndex<InstanceRecord>()
  readonly #apps = new AppPool()

  /** Returns the instance on which rights may have shrunk, or null. */
  apply(change: DirectoryChange): string | null {
    switch (change.op) {
      case 'instance.put':
        return this.#putInstance(change.instance)
      case 'instance.delete':
        return this.#deleteInstance(change.id)
      case 'upstream.set':
        this.setUpstream(change.instanceId, change.micro, change.address)
        return null
      case 'session.put':
        return this.sessions.put(this.#withSharedId(change.session))
      case 'session.delete':
        return this.sessions.delete(change.id)
      case 'key.put':
        return this.keys.put(this.#withSharedId(change.key))
      case 'key.delete':
        return this.keys.delete(change.id)
    }
  }

  /** `host`: the `Host` value as received. `path`: a canonical path, as received. */
  locate(host: string, path: string): Location {
    const instance = this.#hosts.get(host)
    const micro = instance === null ? null : instance.microAt(path)
    if (instance === null || micro === null) return UNKNOWN_HOST
    return { kind: 'micro', instance, micro, path: belowMount(path, micro) }
  }

  instance(id: string): InstanceRecord | null {
    return this.#instances.get(id) ?? null
  }

  findKey(token: string): KeyGrant | null {
    return this.keys.find(token)
  }

  /** A session is good for one instance only. */
  findSession(token: string, instanceId: string): SessionGrant | null {
    const session = this.sessions.find(token)
    return session?.instanceId === instanceId ? session : null
  }

  /** The digest of the instance's internal key if this token is it. */
  findInternalKey(token: string, instanceId: string): string | null {
    if (token.length > MAX_TOKEN_LENGTH) return null
    const expected = this.#instances.get(instanceId)?.internalKeyDigest ?? ''
    return isSameDigest(digestText(token), expected) ? expected : null
  }

  setUpstream(instanceId: string, name: string, address: UpstreamAddress | null): void {
    const micro = this.#instances.get(instanceId)?.micros.find((micro) => micro.name === name)
    if (micro?.upstream.kind === 'process') micro.upstream = { ...micro.upstream, address }
  }

  /** Everything as changes that would make it again. Those made meanwhile are seen or not. */
  *changes(): Generator<DirectoryChange> {
    for (const record of this.#instances.values()) yield { op: 'instance.put', instance: entryOf(record) }
    for (const session of this.sessions.entries()) yield { op: 'session.put', session }
    for (const key of this.keys.entries()) yield { op: 'key.put', key }
  }

  #putInstance(entry: InstanceEntry): string | null {
    const old = this.#instances.get(entry.id)
    const record = new InstanceRecord(entry, this.#apps.take(entry.micros))
    if (old !== undefined) this.#forget(old)
    this.#instances.set(entry.id, record)
    for (const host of entry.hosts) this.#hosts.set(host, record)
    return old === undefined ? null : entry.id
  }

  /** With its sessions and keys. */
  #deleteInstance(id: string): string | null {
    const record = this.#instances.get(id)
    if (record === undefined) return null
    this.#forget(record)
    this.#instances.delete(id)
    this.sessions.deleteInstance(id)
    this.keys.deleteInstance(id)
    return id
  }

  /** A host that another instance has taken since stays with that one. */
  #forget(record: InstanceRecord): void {
    for (const host of record.hosts) if (this.#hosts.get(host) === record) this.#hosts.delete(host)
    this.#apps.release(record.app)
  }

  /** With the instance's own string for its id: it takes no memory, and is compared without being looked at. */
  #withSharedId<Entry extends SessionEntry | KeyEntry>(entry: Entry): Entry {
    const instanceId = this.#instances.get(entry.instanceId)?.id
    return instanceId === undefined ? entry : { ...entry, instanceId }
  }
}
