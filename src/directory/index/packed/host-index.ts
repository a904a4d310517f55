import { canonicalHostName } from '../host-name.ts'
import { hashOfName } from './id-hash.ts'
import { RefIndex } from './ref-index.ts'

/** One name: its length, then its octets. The size of a cache line. */
const LINE_BYTES = 64
const LONGEST = LINE_BYTES - 1
const SMALLEST = 64

/**
 * Values by host name, in any spelling of the name (see `canonicalHostName`). At every request a `Map` has to fetch a
 * bucket, a string and its characters from different parts of the heap; here a name is one cache line, compared with
 * the `Host` value without copying it.
 */
export class HostIndex<Value> {
  readonly #index = new RefIndex((ref) => this.#hashAt(ref))
  #lines = new Uint8Array(SMALLEST * LINE_BYTES)
  readonly #values: Array<Value | null> = []
  readonly #free: number[] = []
  /** Names that are longer than a line. */
  readonly #long = new Map<string, Value>()
  /** Random, so that a client cannot choose names that collide. */
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0

  /** `host`: a `Host` value as received. */
  get(host: string): Value | null {
    const ref = this.#find(host, nameLength(host))
    if (ref !== null) return this.#values[ref] ?? null
    return this.#long.size === 0 ? null : (this.#long.get(canonicalHostName(host)) ?? null)
  }

  set(host: string, value: Value): void {
    const name = canonicalHostName(host)
    if (!fitsLine(name)) return void this.#long.set(name, value)
    const ref = this.#find(name, name.length) ?? this.#add(name)
    this.#values[ref] = value
  }

  delete(host: string): void {
    const ref = this.#find(host, nameLength(host))
    if (ref === null) return void this.#long.delete(canonicalHostName(host))
    this.#index.delete(ref)
    this.#values[ref] = null
    this.#free.push(ref)
  }

  /** Finds the name that is the first `length` characters of a text. */
  #find(host: string, length: number): number | null {
    if (length > LONGEST) return null
    const hash = hashOfName(host, length, this.#seed)
    for (let slot = this.#index.first(hash); slot >= 0; slot = this.#index.next(slot, hash)) {
      const ref = this.#index.refAt(slot)
      if (this.#isName(ref, host, length)) return ref
    }
    return null
  }

  #isName(ref: number, host: string, length: number): boolean {
    const at = ref * LINE_BYTES
    if (this.#lines[at] !== length) return false
    for (let i = 0; i < length; i++) {
      if (this.#lines[at + 1 + i] !== lowered(host.charCodeAt(i))) return false
    }
    return true
  }

  #add(name: string): number {
    const ref = this.#free.pop() ?? this.#values.length
    const at = ref * LINE_BYTES
    if (at === this.#lines.length) this.#grow()
    this.#lines[at] = name.length
    for (let i = 0; i < name.length; i++) this.#lines[at + 1 + i] = name.charCodeAt(i)
    this.#index.add(this.#hashAt(ref), ref)
    return ref
  }

  #grow(): void {
    const grown = new Uint8Array(this.#lines.length * 2)
    grown.set(this.#lines)
    this.#lines = grown
  }

  #hashAt(ref: number): number {
    const at = ref * LINE_BYTES
    const name = String.fromCharCode(...this.#lines.subarray(at + 1, at + 1 + (this.#lines[at] ?? 0)))
    return hashOfName(name, name.length, this.#seed)
  }
}

/** Length of the name before port and last dot, as `canonicalHostName` cuts it. */
function nameLength(host: string): number {
  let end = host.length
  while (end > 0 && isDigit(host.charCodeAt(end - 1))) end--
  const hasPort = end > 0 && host.charCodeAt(end - 1) === COLON
  const length = hasPort ? end - 1 : host.length
  return length > 0 && host.charCodeAt(length - 1) === DOT ? length - 1 : length
}

function fitsLine(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7f) return false
  return name.length <= LONGEST
}

const COLON = 0x3a
const DOT = 0x2e
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const lowered = (code: number): number => (code >= 0x41 && code <= 0x5a ? code | 0x20 : code)
