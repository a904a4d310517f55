import { DigestStore } from './digest-store.ts'
import type { SessionEntry } from '../types.ts'

/** Without the digest, which is kept as bytes. */
type Session = Omit<SessionEntry, 'digest'>

/** All sessions. */
export class SessionStore {
  readonly #store = new DigestStore<Session>()

  /** Returns the instance whose session it replaces, or null. */
  put({ digest, ...session }: SessionEntry): string | null {
    return this.#store.put(digest, session)?.instanceId ?? null
  }

  /** Returns the instance whose session it was, or null if there was none. */
  delete(id: string): string | null {
    return this.#store.delete(id)?.instanceId ?? null
  }

  deleteInstance(instanceId: string): void {
    this.#store.deleteAll((session) => session.instanceId === instanceId)
  }

  find(token: string): Session | null {
    return this.#store.find(token)
  }

  findById(id: string): Session | null {
    return this.#store.findById(id)
  }

  /** Every session as it was put. Changes during the iteration may be missing. */
  *entries(): Generator<SessionEntry> {
    for (const [session, digest] of this.#store.entries()) yield { ...session, digest }
  }
}
