import { isSameBytes } from '../digest.ts'
import { hashOfBytes } from './id-hash.ts'

/** 160 bits of the SHA-256 digest are kept: finding a second secret with the same bits is infeasible. */
export const DIGEST_BYTES = 20

const PAGE_BYTES = 1 << 18
/** Records begin at multiples of four, so that a 32-bit reference reaches 16 GB. */
const UNIT = 4
const UNITS_PER_PAGE = PAGE_BYTES / UNIT
/** Pages are powers of two, so that a division is a shift. */
const PAGE_SHIFT = Math.log2(UNITS_PER_PAGE)
const OWNER_AT = 3
const DIGEST_AT = 7
const ID_AT = DIGEST_AT + DIGEST_BYTES
const LONGEST_TEXT = 255

const DEAD = 1
/** The record has an expiry or a scope, kept beside the log. */
export const HAS_EXTRA = 2

export interface KeyLogEntry {
  readonly id: string
  readonly name: string
  readonly owner: number
  readonly digest: Uint8Array
  readonly flags: number
}

/** The position of a record; 0 is none. */
export type KeyRef = number

/**
 * Key records one behind the other in pages of bytes, at most 64 bytes a key: as objects they take ten times that. A
 * record never moves except in `compact`.
 *
 * Layout: flags, length of id, length of name, number of the instance (4, little-endian), digest (20), id, name.
 */
export class KeyLog {
  #pages: Buffer[] = []
  /** Position of the next record, in units. Unit 0 is unused, because 0 means none. */
  #end = 1
  #deadUnits = 0
  readonly #encoder = new TextEncoder()

  get byteLength(): number {
    return this.#pages.length * PAGE_BYTES
  }

  /** More than half of the log is deleted records. */
  get isWasteful(): boolean {
    return this.#deadUnits > UNITS_PER_PAGE && this.#deadUnits > this.#end / 2
  }

  /** The id is ASCII, up to 255 bytes. A longer name is truncated between characters. */
  append({ id, name, owner, digest, flags }: KeyLogEntry): KeyRef {
    const most = ID_AT + Math.min(id.length * 3, LONGEST_TEXT) + Math.min(name.length * 3, LONGEST_TEXT)
    const ref = this.#reserve(most)
    const page = this.#page(ref)
    const at = offsetOf(ref)
    const idLength = this.#write(id, page, at + ID_AT)
    const nameLength = this.#write(name, page, at + ID_AT + idLength)
    page[at] = flags
    page[at + 1] = idLength
    page[at + 2] = nameLength
    for (let i = 0; i < 4; i++) page[at + OWNER_AT + i] = owner >>> (8 * i)
    page.set(digest.subarray(0, DIGEST_BYTES), at + DIGEST_AT)
    this.#end = ref + unitsOf(idLength, nameLength)
    return ref
  }

  kill(ref: KeyRef): void {
    const page = this.#page(ref)
    const at = offsetOf(ref)
    page[at] = DEAD
    this.#deadUnits += unitsOf(page[at + 1] ?? 0, page[at + 2] ?? 0)
  }

  /** In constant time. */
  hasDigest(ref: KeyRef, digest: Uint8Array): boolean {
    return isSameBytes(digest, 0, this.#page(ref), offsetOf(ref) + DIGEST_AT, DIGEST_BYTES)
  }

  hasExtra(ref: KeyRef): boolean {
    return ((this.#page(ref)[offsetOf(ref)] ?? 0) & HAS_EXTRA) !== 0
  }

  ownerOf(ref: KeyRef): number {
    const page = this.#page(ref)
    const at = offsetOf(ref) + OWNER_AT
    let owner = 0
    for (let i = 3; i >= 0; i--) owner = owner * 256 + (page[at + i] ?? 0)
    return owner
  }

  digestOf(ref: KeyRef): Uint8Array {
    const at = offsetOf(ref) + DIGEST_AT
    return this.#page(ref).slice(at, at + DIGEST_BYTES)
  }

  idOf(ref: KeyRef): string {
    const page = this.#page(ref)
    const start = offsetOf(ref) + ID_AT
    return page.toString('latin1', start, start + (page[offsetOf(ref) + 1] ?? 0))
  }

  hashOf(ref: KeyRef): number {
    const page = this.#page(ref)
    return hashOfBytes(page, offsetOf(ref) + ID_AT, page[offsetOf(ref) + 1] ?? 0)
  }

  nameOf(ref: KeyRef): string {
    const page = this.#page(ref)
    const at = offsetOf(ref)
    const start = at + ID_AT + (page[at + 1] ?? 0)
    return page.toString('utf8', start, start + (page[at + 2] ?? 0))
  }

  /**
   * Every record that is not deleted, including those appended during the iteration; `compact` must not run during it.
   */
  *refs(): Generator<KeyRef> {
    for (let ref = 1; ref < this.#end;) {
      const page = this.#page(ref)
      const at = offsetOf(ref)
      const idLength = page[at + 1] ?? 0
      const isRestOfPage = idLength === 0
      if (!isRestOfPage && ((page[at] ?? 0) & DEAD) === 0) yield ref
      ref = isRestOfPage ? nextPage(ref) : ref + unitsOf(idLength, page[at + 2] ?? 0)
    }
  }

  /** Removes deleted records: every reference held outside becomes invalid. */
  compact(): void {
    const fresh = new KeyLog()
    for (const ref of this.refs()) {
      const flags = this.#page(ref)[offsetOf(ref)] ?? 0
      const record = { id: this.idOf(ref), name: this.nameOf(ref), owner: this.ownerOf(ref), flags }
      fresh.append({ ...record, digest: this.digestOf(ref) })
    }
    this.#pages = fresh.#pages
    this.#end = fresh.#end
    this.#deadUnits = 0
  }

  /** Reserves bytes within one page. The rest of a page stays zero, which `refs` reads as its end. */
  #reserve(bytes: number): KeyRef {
    if (offsetOf(this.#end) + bytes > PAGE_BYTES) this.#end = nextPage(this.#end)
    while (this.#pages.length * UNITS_PER_PAGE <= this.#end) this.#pages.push(Buffer.alloc(PAGE_BYTES))
    return this.#end
  }

  #page(ref: KeyRef): Buffer {
    const page = this.#pages[ref >>> PAGE_SHIFT]
    if (page === undefined) throw new Error('a key reference points outside the log')
    return page
  }

  #write(text: string, page: Uint8Array, at: number): number {
    return this.#encoder.encodeInto(text, page.subarray(at, at + LONGEST_TEXT)).written
  }
}

const offsetOf = (ref: KeyRef): number => (ref & (UNITS_PER_PAGE - 1)) * UNIT

const unitsOf = (idLength: number, nameLength: number): number =>
  Math.ceil((ID_AT + idLength + nameLength) / UNIT)

const nextPage = (ref: KeyRef): KeyRef => (Math.floor(ref / UNITS_PER_PAGE) + 1) * UNITS_PER_PAGE
