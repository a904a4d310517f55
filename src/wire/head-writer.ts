import type { Connection } from './connection.ts'

/** Longer bodies are sent by a second write, which costs less than copying them. */
export const MAX_JOINED_BYTES = 16_384

/** Up to this length a loop is faster than a call into native code. */
const LOOP_CHARS = 40

/** Holds every head of usual size with a small body; it grows for larger ones. */
const INITIAL_BYTES = MAX_JOINED_BYTES + 8_192

/**
 * Assembles a head, and a small body behind it, in reused memory, so that both are sent in one packet. Shared by all
 * connections: between `start` and `send` only one caller may use it. Allocating for each message instead costs 8 µs at
 * 16 kB; assembling a head as a string and copying it then costs three times as much as its pieces do here.
 */
export class HeadWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  #length = 0

  /** Begins a new head. */
  start(): this {
    this.#length = 0
    return this
  }

  /** Octets assembled so far. */
  get length(): number {
    return this.#length
  }

  /** A copy of what was assembled from `start` on. */
  copyFrom(start: number): Buffer {
    return Buffer.from(this.#buffer.subarray(start, this.#length))
  }

  /** One octet per character (latin1). */
  text(piece: string): void {
    this.#reserve(piece.length)
    const at = this.#length
    this.#length = at + piece.length
    if (piece.length > LOOP_CHARS) this.#buffer.write(piece, at, 'latin1')
    else writeShort(this.#buffer, piece, at)
  }

  /** Octets as they are. */
  octets(bytes: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    bytes.copy(this.#buffer, this.#length, start, end)
    this.#length += end - start
  }

  /** Sends what was assembled, then `body` from `from` on. False as by `Connection.write`: wait for `onDrain`. */
  send(connection: Connection, body: Buffer, from = 0): boolean {
    if (body.length - from > MAX_JOINED_BYTES) {
      this.#sendAssembled(connection)
      return connection.write(body.subarray(from))
    }
    if (body.length > from) this.octets(body, from, body.length)
    return this.#sendAssembled(connection)
  }

  #sendAssembled(connection: Connection): boolean {
    const length = this.#length
    this.#length = 0
    return connection.writeFirst(this.#buffer, length)
  }

  #reserve(byteCount: number): void {
    if (this.#length + byteCount <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe((this.#length + byteCount) * 2)
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}

function writeShort(buffer: Uint8Array, piece: string, at: number): void {
  for (let i = 0; i < piece.length; i++) buffer[at + i] = piece.charCodeAt(i)
}
