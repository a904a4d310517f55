import { belowMount, type CredentialLookup, type KeyRecord, type SessionRecord } from '../../access/index.ts'
import { CompiledApps } from './compiled-apps.ts'
import { DataKeyStore } from './data-key-store.ts'
import { digestText, isSameDigest, MAX_TOKEN_LENGTH } from './digest.ts'
import { entryOf, InstanceRecord } from './instance-record.ts'
import { HostIndex, InstanceNumbers, KeyStore } from './packed/index.ts'
import { SessionStore } from './session-store.ts'
import type { DirectoryChange, InstanceEntry, Location, SessionEntry, UpstreamAddress } from '../types.ts'

const UNKNOWN_HOST: Location = { kind: 'unknown-host' }

/**
 * The whole directory in memory, at either end of the channel. Changes may be applied in any order and more than once.
 */
export class DirectoryState implements CredentialLookup {
  readonly #numbers = new InstanceNumbers()
  readonly keys = new KeyStore(this.#numbers)
  readonly sessions = new SessionStore()
  readonly dataKeys = new DataKeyStore()
  /** By number. Empty where a key has arrived before its instance. */
  readonly #instances: Array<InstanceRecord | null | undefined> = []
  readonly #hosts = new HostIndex<InstanceRecord>()
  readonly #apps = new CompiledApps()

  /** Returns the instance or collection on which rights may have been revoked, or null. */
  apply(change: DirectoryChange): string | null {
    switch (change.op) {
      case 'instance.put':
        return this.#putInstance(change.instance)
      case 'instance.delete':
        return this.#deleteInstance(change.id)
      case 'upstream.set':
        this.#setUpstream(change.instanceId, change.micro, change.address)
        return null
      case 'session.put':
        return this.sessions.put(this.#withSharedTexts(change.session))
      case 'session.delete':
        return this.sessions.delete(change.id)
      case 'key.put':
        return this.keys.put(change.key)
      case 'key.delete':
        return this.keys.delete(change.id)
      case 'dataKey.put':
        return this.dataKeys.put(change.key)
      case 'dataKey.delete':
        return this.dataKeys.delete(change.id)
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
    const number = this.#numbers.numberOf(id)
    return number === null ? null : (this.#instances[number] ?? null)
  }

  findKey(token: string): KeyRecord | null {
    return this.keys.find(token)
  }

  /** A session is valid for one instance only. */
  findSession(token: string, instanceId: string): SessionRecord | null {
    const session = this.sessions.find(token)
    return session?.instanceId === instanceId ? session : null
  }

  /** The digest of the instance's internal key if this token is it. */
  findInternalKey(token: string, instanceId: string): string | null {
    if (token.length > MAX_TOKEN_LENGTH) return null
    const expected = this.instance(instanceId)?.internalKeyDigest ?? ''
    return isSameDigest(digestText(token), expected) ? expected : null
  }

  /** The whole directory as changes that recreate it. Changes applied during the iteration may be missing. */
  *changes(): Generator<DirectoryChange> {
    for (const record of this.#instances)
      if (record != null) yield { op: 'instance.put', instance: entryOf(record) }
    for (const session of this.sessions.entries()) yield { op: 'session.put', session }
    for (const key of this.keys.entries()) yield { op: 'key.put', key }
    for (const key of this.dataKeys.entries()) yield { op: 'dataKey.put', key }
  }

  #putInstance(entry: InstanceEntry): string | null {
    const old = this.instance(entry.id)
    const app = this.#apps.take(entry.micros)
    const number = this.#numbers.take(entry.id)
    const record = new InstanceRecord({ ...entry, id: this.#numbers.idOf(number) }, app)
    if (old !== null) this.#forget(old, number)
    this.#instances[number] = record
    for (const host of entry.hosts) this.#hosts.set(host, record)
    return old === null ? null : entry.id
  }

  /** With its sessions and keys. */
  #deleteInstance(id: string): string | null {
    const number = this.#numbers.numberOf(id)
    const record = this.instance(id)
    if (number === null || record === null) return null
    this.#forget(record, number)
    this.#instances[number] = null
    this.sessions.deleteInstance(id)
    this.keys.deleteInstance(id)
    return id
  }

  /** A host that was moved to another instance stays there. */
  #forget(record: InstanceRecord, number: number): void {
    for (const host of record.hosts) if (this.#hosts.get(host) === record) this.#hosts.delete(host)
    this.#apps.release(record.app)
    this.#numbers.release(number)
  }

  #setUpstream(instanceId: string, name: string, address: UpstreamAddress | null): void {
    const micro = this.instance(instanceId)?.micros.find((micro) => micro.name === name)
    if (micro?.upstream.kind === 'process') micro.upstream = { ...micro.upstream, address }
  }

  /** With the instance's own strings: they take no memory, and comparing them compares references. */
  #withSharedTexts(session: SessionEntry): SessionEntry {
    const instance = this.instance(session.instanceId)
    if (instance === null) return session
    const userId = instance.userIds.find((id) => id === session.userId) ?? session.userId
    return { ...session, instanceId: instance.id, userId }
  }
}
