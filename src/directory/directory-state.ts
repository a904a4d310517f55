import type { KeyGrant, SessionGrant } from '../access/index.ts'
import { digestText, isSameDigest, MAX_TOKEN_LENGTH } from './digest.ts'
import { createInstanceRecord, entryOf, type InstanceRecord } from './instance-record.ts'
import { hostKey } from './host-key.ts'
import { KeyStore } from './key-store.ts'
import type { DirectoryChange, InstanceEntry, SessionEntry, UpstreamAddress } from './types.ts'

/** The whole directory in memory, on either side of the channel. Changes apply in any order and more than once. */
export class DirectoryState {
  readonly keys = new KeyStore()
  readonly #instances = new Map<string, InstanceRecord>()
  readonly #hosts = new Map<string, InstanceRecord>()
  readonly #sessions = new Map<string, SessionEntry>()
  readonly #sessionsByDigest = new Map<string, SessionEntry>()

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
        return this.#putSession(change.session)
      case 'session.delete':
        return this.#deleteSession(change.id)
      case 'key.put':
        return this.keys.put(change.key)
      case 'key.delete':
        return this.keys.delete(change.id)
    }
  }

  instanceAt(host: string): InstanceRecord | null {
    return this.#hosts.get(hostKey(host)) ?? null
  }

  instance(id: string): InstanceRecord | null {
    return this.#instances.get(id) ?? null
  }

  session(id: string): SessionGrant | null {
    return this.#sessions.get(id) ?? null
  }

  key(id: string): KeyGrant | null {
    return this.keys.findById(id)
  }

  /** A session is good for one instance only. */
  findSession(token: string, instanceId: string): SessionGrant | null {
    if (token.length > MAX_TOKEN_LENGTH) return null
    const session = this.#sessionsByDigest.get(digestText(token))
    return session !== undefined && session.instanceId === instanceId ? session : null
  }

  isInternalKey(token: string, instanceId: string): boolean {
    if (token.length > MAX_TOKEN_LENGTH) return false
    const expected = this.#instances.get(instanceId)?.internalKeyDigest ?? ''
    return isSameDigest(digestText(token), expected)
  }

  setUpstream(instanceId: string, name: string, address: UpstreamAddress | null): void {
    const micro = this.#instances.get(instanceId)?.micros.find((micro) => micro.name === name)
    if (micro?.upstream.kind === 'process') micro.upstream = { kind: 'process', address }
  }

  /** Everything as changes that would make it again. Those made meanwhile are seen or not. */
  *changes(): Generator<DirectoryChange> {
    for (const record of this.#instances.values()) yield { op: 'instance.put', instance: entryOf(record) }
    for (const session of this.#sessions.values()) yield { op: 'session.put', session }
    for (const key of this.keys.entries()) yield { op: 'key.put', key }
  }

  #putInstance(entry: InstanceEntry): string | null {
    const old = this.#instances.get(entry.id)
    const record = createInstanceRecord(entry)
    if (old !== undefined) this.#forgetHosts(old)
    this.#instances.set(entry.id, record)
    for (const host of entry.hosts) this.#hosts.set(hostKey(host), record)
    return old === undefined ? null : entry.id
  }

  /** With its sessions and keys. */
  #deleteInstance(id: string): string | null {
    const record = this.#instances.get(id)
    if (record === undefined) return null
    this.#forgetHosts(record)
    this.#instances.delete(id)
    for (const session of this.#sessions.values())
      if (session.instanceId === id) this.#deleteSession(session.id)
    this.keys.deleteInstance(id)
    return id
  }

  /** A host that another instance has taken since stays with that one. */
  #forgetHosts(record: InstanceRecord): void {
    for (const host of record.hosts) {
      if (this.#hosts.get(hostKey(host)) === record) this.#hosts.delete(hostKey(host))
    }
  }

  #putSession(entry: SessionEntry): string | null {
    const replaced = this.#deleteSession(entry.id)
    const session = this.#withSharedIds(entry)
    this.#sessions.set(session.id, session)
    this.#sessionsByDigest.set(session.digest, session)
    return replaced
  }

  /** With the instance's own strings: they take no memory, and are compared without being looked at. */
  #withSharedIds(session: SessionEntry): SessionEntry {
    const instance = this.#instances.get(session.instanceId)
    if (instance === undefined) return session
    const userId = instance.userIds.find((userId) => userId === session.userId) ?? session.userId
    return { ...session, instanceId: instance.id, userId }
  }

  #deleteSession(id: string): string | null {
    const session = this.#sessions.get(id)
    if (session === undefined) return null
    this.#sessions.delete(id)
    this.#sessionsByDigest.delete(session.digest)
    return session.instanceId
  }
}
