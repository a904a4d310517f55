import { Refusal } from '../errors.ts'
import type { Collection } from './collection.ts'

export interface Opened {
  readonly collection: Collection
  /** After the last call. */
  readonly end: () => Promise<void>
}

interface Entry {
  readonly opening: Promise<Opened>
  users: number
  /** Called when the last user leaves. */
  onIdle: (() => void) | null
  /** New users wait for it and open the collection again. */
  closing: Promise<void> | null
}

export interface CollectionsOptions {
  readonly open: (id: string) => Promise<Opened>
  /** Idle ones stay open up to this number. */
  readonly atMost: number
  readonly closeWithinMs: number
}

/** Which collections are open: opened by the first call, closed when others need the file handles. */
export class Collections implements AsyncDisposable {
  readonly #options: CollectionsOptions
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>()
  #isEnded = false

  constructor(options: CollectionsOptions) {
    this.#options = options
  }

  get openCount(): number {
    return this.#entries.size
  }

  /** Resolves with the collection and what must be called when it is no longer used. */
  async acquire(id: string): Promise<{ collection: Collection; release: () => void }> {
    for (;;) {
      const closing = this.#entries.get(id)?.closing
      if (!closing) break
      await closing
    }
    if (this.#isEnded) throw new Refusal(503, 'The server is stopping. Try again in a moment.')
    const entry = this.#entries.get(id) ?? this.#create(id)
    entry.users += 1
    this.#entries.delete(id)
    this.#entries.set(id, entry)
    const release = this.#releaseOnce(entry)
    try {
      const { collection } = await entry.opening
      return { collection, release }
    } catch (error) {
      release()
      if (this.#entries.get(id) === entry) this.#entries.delete(id)
      throw error
    }
  }

  async use<T>(id: string, work: (collection: Collection) => Promise<T>): Promise<T> {
    const { collection, release } = await this.acquire(id)
    try {
      return await work(collection)
    } finally {
      release()
    }
  }

  #create(id: string): Entry {
    const entry: Entry = { opening: this.#options.open(id), users: 0, onIdle: null, closing: null }
    // Each acquirer sees the failure.
    entry.opening.catch(() => {})
    return entry
  }

  #releaseOnce(entry: Entry): () => void {
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      entry.users -= 1
      if (entry.users > 0) return
      entry.onIdle?.()
      this.#closeSurplus()
    }
  }

  #closeSurplus(): void {
    let surplus = this.#entries.size - this.#options.atMost
    for (const [id, entry] of this.#entries) {
      if (surplus <= 0) return
      if (entry.users > 0 || entry.closing) continue
      surplus -= 1
      this.close(id).catch(() => {})
    }
  }

  /** Waits for running calls, and cuts what still runs after the limit. */
  close(id: string): Promise<void> {
    const entry = this.#entries.get(id)
    if (!entry) return Promise.resolve()
    entry.closing ??= this.#close(entry).finally(() => this.#entries.delete(id))
    return entry.closing
  }

  async #close(entry: Entry): Promise<void> {
    const opened = await entry.opening.catch(() => null)
    if (!opened) return
    if (entry.users > 0) await this.#idle(entry, opened.collection)
    await opened.collection[Symbol.asyncDispose]()
    await opened.end()
  }

  async #idle(entry: Entry, collection: Collection): Promise<void> {
    const idle = Promise.withResolvers<void>()
    entry.onIdle = idle.resolve
    const timer = setTimeout(() => collection.cut.abort(), this.#options.closeWithinMs)
    await idle.promise
    clearTimeout(timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    await Promise.all([...this.#entries.keys()].map((id) => this.close(id)))
  }
}
