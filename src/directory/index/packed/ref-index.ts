const SMALLEST = 64
/** Above this share of used slots, runs of them get long. */
const FULLEST = 0.8
const GROWTH = 1.25

/**
 * Maps a hash to the records that have it: open addressing with linear probing in typed arrays, at six to eight bytes a
 * record. A byte of the hash beside each slot says whether the record can match, so that a search fetches one record
 * and not a run of them. Deleting moves followers back: no tombstones, so that look-ups do not get slower over time.
 */
export class RefIndex {
  #refs = new Uint32Array(SMALLEST)
  /** 0 where the slot is empty. */
  #tags = new Uint8Array(SMALLEST)
  #size = 0
  readonly #hashAt: (ref: number) => number

  /** `hashAt` gives the hash with which a record was added. */
  constructor(hashAt: (ref: number) => number) {
    this.#hashAt = hashAt
  }

  get size(): number {
    return this.#size
  }

  get byteLength(): number {
    return this.#refs.byteLength + this.#tags.byteLength
  }

  /** The first slot that may hold a record of this hash, or -1. Continue with `next`. */
  first(hash: number): number {
    return this.#seek(this.#home(hash), hash)
  }

  next(slot: number, hash: number): number {
    return this.#seek(this.#after(slot), hash)
  }

  refAt(slot: number): number {
    return this.#refs[slot] ?? 0
  }

  add(hash: number, ref: number): void {
    if (this.#size + 1 > this.#refs.length * FULLEST) this.#resize(Math.ceil(this.#refs.length * GROWTH))
    this.#place(hash, ref)
    this.#size++
  }

  /** Replaces all records by these, which are as many as before. */
  rebuild(refs: Iterable<number>): void {
    this.#tags.fill(0)
    for (const ref of refs) this.#place(this.#hashAt(ref), ref)
  }

  /** Takes a record out, if it is there; its hash must still be the one with which it was added. */
  delete(ref: number): void {
    const hash = this.#hashAt(ref)
    let slot = this.first(hash)
    while (slot >= 0 && this.refAt(slot) !== ref) slot = this.next(slot, hash)
    if (slot >= 0) this.remove(slot)
  }

  /** Empties a slot and moves back the records that were displaced past it (Knuth, volume 3, 6.4, algorithm R). */
  remove(slot: number): void {
    let hole = slot
    for (let at = this.#after(hole); this.#tags[at] !== 0; at = this.#after(at)) {
      const home = this.#home(this.#hashAt(this.refAt(at)))
      if (isBetween(home, hole, at)) continue
      this.#refs[hole] = this.refAt(at)
      this.#tags[hole] = this.#tags[at] ?? 0
      hole = at
    }
    this.#tags[hole] = 0
    this.#size--
  }

  /** Searches from this slot on, inclusive. */
  #seek(from: number, hash: number): number {
    const tag = tagOf(hash)
    for (let slot = from; ; slot = this.#after(slot)) {
      const here = this.#tags[slot]
      if (here === tag) return slot
      if (here === 0) return -1
    }
  }

  #home(hash: number): number {
    return Math.floor((hash / 2 ** 32) * this.#refs.length)
  }

  #after(slot: number): number {
    return slot + 1 === this.#refs.length ? 0 : slot + 1
  }

  #place(hash: number, ref: number): void {
    let slot = this.#home(hash)
    while (this.#tags[slot] !== 0) slot = this.#after(slot)
    this.#refs[slot] = ref
    this.#tags[slot] = tagOf(hash)
  }

  #resize(length: number): void {
    const [refs, tags] = [this.#refs, this.#tags]
    this.#refs = new Uint32Array(length)
    this.#tags = new Uint8Array(length)
    for (const [slot, ref] of refs.entries()) if (tags[slot] !== 0) this.#place(this.#hashAt(ref), ref)
  }
}

/** 1 to 255, from the lower bits: the upper bits choose the slot. */
const tagOf = (hash: number): number => (hash % 255) + 1

/** Whether `home` lies behind `hole` and not behind `at`, with wrap-around. */
const isBetween = (home: number, hole: number, at: number): boolean =>
  hole < at ? home > hole && home <= at : home > hole || home <= at
