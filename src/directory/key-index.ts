import type { KeyRef } from './key-log.ts'

const SMALLEST = 64
/** Beyond this share of used slots runs of them get long. */
const FULLEST = 0.8
const GROWTH = 1.5

/**
 * From the hash of an id to where its record is: open addressing with linear probing in one typed array, at five to
 * eight bytes a key. Deleting moves followers back, so there are no tombstones and no worst case that creeps up.
 */
export class KeyIndex {
  #slots = new Uint32Array(SMALLEST)
  #size = 0
  readonly #hashAt: (ref: KeyRef) => number

  /** `hashAt` gives the hash of the id that a record has. */
  constructor(hashAt: (ref: KeyRef) => number) {
    this.#hashAt = hashAt
  }

  get size(): number {
    return this.#size
  }

  get byteLength(): number {
    return this.#slots.byteLength
  }

  /** The slot where a search for this hash begins. Go on with `next` until `refAt` is 0. */
  start(hash: number): number {
    return Math.floor((hash / 2 ** 32) * this.#slots.length)
  }

  next(slot: number): number {
    return slot + 1 === this.#slots.length ? 0 : slot + 1
  }

  refAt(slot: number): KeyRef {
    return this.#slots[slot] ?? 0
  }

  add(hash: number, ref: KeyRef): void {
    if (this.#size + 1 > this.#slots.length * FULLEST) this.#resize(Math.ceil(this.#slots.length * GROWTH))
    this.#place(hash, ref)
    this.#size++
  }

  /** Begins anew with these records, which are as many as before. */
  rebuild(refs: Iterable<KeyRef>): void {
    this.#slots.fill(0)
    for (const ref of refs) this.#place(this.#hashAt(ref), ref)
  }

  /** Empties a slot and moves back whoever was pushed past it (Knuth, volume 3, 6.4, algorithm R). */
  remove(slot: number): void {
    let hole = slot
    for (let at = this.next(hole); this.refAt(at) !== 0; at = this.next(at)) {
      const home = this.start(this.#hashAt(this.refAt(at)))
      if (this.#isBetween(home, hole, at)) continue
      this.#slots[hole] = this.refAt(at)
      hole = at
    }
    this.#slots[hole] = 0
    this.#size--
  }

  /** Whether `home` lies behind `hole` and not behind `at`, going round. */
  #isBetween(home: number, hole: number, at: number): boolean {
    return hole < at ? home > hole && home <= at : home > hole || home <= at
  }

  #place(hash: number, ref: KeyRef): void {
    let slot = this.start(hash)
    while (this.refAt(slot) !== 0) slot = this.next(slot)
    this.#slots[slot] = ref
  }

  #resize(length: number): void {
    const old = this.#slots
    this.#slots = new Uint32Array(length)
    for (const ref of old) if (ref !== 0) this.#place(this.#hashAt(ref), ref)
  }
}
