import type { DataKeyRecord } from '../index/data-key-store.ts'
import { USE_REPORT_MS } from './directory-replica.ts'
import { ReplicaLink, type ReplicaOptions } from './replica-link.ts'
import { UseCounter } from './use-counter.ts'

/** A copy of all data keys, for the process that opens collections. */
export class DataKeyReplica implements AsyncDisposable {
  readonly #link: ReplicaLink
  readonly #uses = new UseCounter()
  readonly #listeners = new Set<(collectionId: string | null) => void>()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: ReplicaOptions = {}) {
    this.#link = new ReplicaLink('data', options, {
      onShrunk: (collectionId) => {
        for (const listener of this.#listeners) listener(collectionId)
      },
    })
  }

  /** Connects, and reconnects whenever the connection ends, until closed. */
  connect(socketPath: string): void {
    this.#timer = setInterval(() => this.#reportUses(), USE_REPORT_MS)
    this.#link.connect(socketPath)
  }

  /** Resolves with the first complete copy. */
  get ready(): Promise<void> {
    return this.#link.ready
  }

  /** False: this copy may be out of date, so that no key may be judged from it. Answer 503. */
  get isCurrent(): boolean {
    return this.#link.isCurrent
  }

  /** Resolves to whether the copy becomes current within this time. */
  whenCurrent(timeoutMs: number): Promise<boolean> {
    return this.#link.whenCurrent(timeoutMs)
  }

  /** By the whole value of a key. The caller checks `isCurrent` and the key's expiry. */
  find(token: string): DataKeyRecord | null {
    return this.#link.state.dataKeys.find(token)
  }

  findById(id: string): DataKeyRecord | null {
    return this.#link.state.dataKeys.findById(id)
  }

  /**
   * The listener is called when keys of a collection (null: of any) may have been revoked: end the open calls of keys
   * that are no longer valid. Returns a function that removes the listener.
   */
  onRevoked(listener: (collectionId: string | null) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Counts one use; cheap, bounded, reported at intervals. */
  noteUse({ id, collectionId }: Pick<DataKeyRecord, 'id' | 'collectionId'>): void {
    this.#uses.note({ kind: 'dataKey', instanceId: collectionId, id }, Date.now())
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#reportUses()
    this.#link.close()
    return Promise.resolve()
  }

  #reportUses(): void {
    if (!this.#link.isConnected) return
    const counts = this.#uses.take()
    if (counts.length > 0) this.#link.send({ t: 'use', counts })
  }
}
