import { digestInto, isSameBytes, MAX_TOKEN_LENGTH } from './digest.ts'
import { RefIndex } from './packed/index.ts'

const DIGEST_BYTES = 32
const SMALLEST = 64

/** Records found by the digest of their token: its first bytes lead to the slot, all of them are compared. */
export class DigestStore<Item extends { readonly id: string }> {
  readonly #refs = new Map<string, number>()
  readonly #index = new RefIndex((ref) => hashOf(this.#digests, ref * DIGEST_BYTES))
  #digests = new Uint8Array(SMALLEST * DIGEST_BYTES)
  readonly #items: Array<Item | null> = []
  readonly #free: number[] = []
  /** Digest of the token that is looked up. One buffer for all look-ups, because a look-up is synchronous. */
  readonly #wanted = new Uint8Array(DIGEST_BYTES)

  get size(): number {
    return this.#refs.size
  }

  /** Returns the record that it replaces, or null. */
  put(digest: string, item: Item): Item | null {
    const bytes = Buffer.from(digest, 'base64url')
    if (bytes.length !== DIGEST_BYTES) throw new Error(`the digest of ${item.id} has not 32 bytes`)
    const replaced = this.delete(item.id)
    const ref = this.#free.pop() ?? this.#items.length
    this.#makeRoom(ref)
    this.#digests.set(bytes, ref * DIGEST_BYTES)
    this.#items[ref] = item
    this.#refs.set(item.id, ref)
    this.#index.add(hashOf(bytes, 0), ref)
    return replaced
  }

  /** Returns the deleted record, or null if there was none. */
  delete(id: string): Item | null {
    const ref = this.#refs.get(id)
    const item = ref === undefined ? null : (this.#items[ref] ?? null)
    if (ref === undefined || item === null) return null
    this.#index.delete(ref)
    this.#refs.delete(id)
    this.#items[ref] = null
    this.#free.push(ref)
    return item
  }

  deleteAll(isMeant: (item: Item) => boolean): void {
    for (const item of this.#items) if (item !== null && isMeant(item)) this.delete(item.id)
  }

  find(token: string): Item | null {
    if (token.length > MAX_TOKEN_LENGTH) return null
    const wanted = this.#wanted
    digestInto(wanted, token)
    const hash = hashOf(wanted, 0)
    for (let slot = this.#index.first(hash); slot >= 0; slot = this.#index.next(slot, hash)) {
      const ref = this.#index.refAt(slot)
      if (isSameBytes(wanted, 0, this.#digests, ref * DIGEST_BYTES, DIGEST_BYTES))
        return this.#items[ref] ?? null
    }
    return null
  }

  findById(id: string): Item | null {
    const ref = this.#refs.get(id)
    return ref === undefined ? null : (this.#items[ref] ?? null)
  }

  /** Every record with its digest. Changes during the iteration may be missing. */
  *entries(): Generator<readonly [item: Item, digest: string]> {
    for (const [ref, item] of this.#items.entries()) {
      if (item === null) continue
      const digest = Buffer.from(this.#digests.slice(ref * DIGEST_BYTES, (ref + 1) * DIGEST_BYTES))
      yield [item, digest.toString('base64url')]
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
