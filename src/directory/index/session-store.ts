import { digestInto, isSameBytes, MAX_TOKEN_LENGTH } from './digest.ts'
import { RefIndex } from './packed/index.ts'
import type { SessionEntry } from '../types.ts'

/** Without the digest, which is kept as bytes. */
type Session = Omit<SessionEntry, 'digest'>

const DIGEST_BYTES = 32
const SMALLEST = 64

/** All sessions, found by the digest of their token: its first bytes lead to the slot, all of them are compared. */
export class SessionStore {
  readonly #refs = new Map<string, number>()
  readonly #index = new RefIndex((ref) => hashOf(this.#digests, ref * DIGEST_BYTES))
  #digests = new Uint8Array(SMALLEST * DIGEST_BYTES)
  readonly #sessions: Array<Session | null> = []
  readonly #free: number[] = []
  /** Digest of the token that is looked up. One buffer for all look-ups, because a look-up is synchronous. */
  readonly #wanted = new Uint8Array(DIGEST_BYTES)

  /** Returns the instance whose session it replaces, or null. */
  put({ digest, ...session }: SessionEntry): string | null {
    const bytes = Buffer.from(digest, 'base64url')
    if (bytes.length !== DIGEST_BYTES) throw new Error(`the digest of session ${session.id} has not 32 bytes`)
    const replaced = this.delete(session.id)
    const ref = this.#free.pop() ?? this.#sessions.length
    this.#makeRoom(ref)
    this.#digests.set(bytes, ref * DIGEST_BYTES)
    this.#sessions[ref] = session
    this.#refs.set(session.id, ref)
    this.#index.add(hashOf(bytes, 0), ref)
    return replaced
  }

  /** Returns the instance whose session it was, or null if there was none. */
  delete(id: string): string | null {
    const ref = this.#refs.get(id)
    const session = ref === undefined ? null : (this.#sessions[ref] ?? null)
    if (ref === undefined || session === null) return null
    this.#index.delete(ref)
    this.#refs.delete(id)
    this.#sessions[ref] = null
    this.#free.push(ref)
    return session.instanceId
  }

  deleteInstance(instanceId: string): void {
    for (const session of this.#sessions) if (session?.instanceId === instanceId) this.delete(session.id)
  }

  find(token: string): Session | null {
    if (token.length > MAX_TOKEN_LENGTH) return null
    const wanted = this.#wanted
    digestInto(wanted, token)
    const hash = hashOf(wanted, 0)
    for (let slot = this.#index.first(hash); slot >= 0; slot = this.#index.next(slot, hash)) {
      const ref = this.#index.refAt(slot)
      if (isSameBytes(wanted, 0, this.#digests, ref * DIGEST_BYTES, DIGEST_BYTES))
        return this.#sessions[ref] ?? null
    }
    return null
  }

  findById(id: string): Session | null {
    const ref = this.#refs.get(id)
    return ref === undefined ? null : (this.#sessions[ref] ?? null)
  }

  /** Every session as it was put. Changes during the iteration may be missing. */
  *entries(): Generator<SessionEntry> {
    for (const [ref, session] of this.#sessions.entries()) {
      if (session === null) continue
      const digest = Buffer.from(this.#digests.slice(ref * DIGEST_BYTES, (ref + 1) * DIGEST_BYTES))
      yield { ...session, digest: digest.toString('base64url') }
    }
  }

  #makeRoom(ref: number): void {
    if ((ref + 1) * DIGEST_BYTES <= this.#digests.length) return
    const grown = new Uint8Array(this.#digests.length * 2)
    grown.set(this.#digests)
    this.#digests = grown
  }
}

/** The digest is random: its first four bytes are a hash. */
const hashOf = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)) >>>
  0
