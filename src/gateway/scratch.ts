import type { Connection } from '../wire/index.ts'

/** Longer bodies leave in their own packet: there, copying costs more than a second write. */
export const MAX_JOINED_BYTES = 16_384

/** Heads are bounded by the wire; this is for those of normal size. */
const SIZE_BYTES = MAX_JOINED_BYTES + 4_096

/**
 * Memory in which a head and a small body are joined, so that they leave in one packet. One for all connections:
 * allocating it for each answer cost 8 µs at 16 kB, more than everything else that is done for a static file.
 */
export class Scratch {
  #buffer = Buffer.allocUnsafe(SIZE_BYTES)

  /** Whether `send` has room for both. */
  fits(head: string, body: Uint8Array): boolean {
    return body.length <= MAX_JOINED_BYTES && head.length + body.length <= SIZE_BYTES
  }

  /** `head` is Latin-1, one octet a character. False as by `Connection.write`. */
  send(connection: Connection, head: string, body: Uint8Array): boolean {
    this.#buffer.write(head, 0, 'latin1')
    if (body.length > 0) this.#buffer.set(body, head.length)
    const isTaken = connection.write(this.#buffer.subarray(0, head.length + body.length))
    // What the kernel did not take is still to be read from here: that memory now belongs to the connection.
    if (!isTaken) this.#buffer = Buffer.allocUnsafe(SIZE_BYTES)
    return isTaken
  }
}
