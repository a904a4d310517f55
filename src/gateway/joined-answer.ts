import type { Connection } from '../wire/index.ts'

/** Before the body, for its head. The longest of today takes 442 octets. */
export const HEAD_ROOM_BYTES = 640

const BEFORE_DATE = 'Date: '
const DATE_CHARS = 'Sun, 06 Nov 1994 08:49:37 GMT'.length

/**
 * A 200 that is sent often, as it goes out: head and body in one piece of memory, so that it leaves in one system call
 * and only its Date is ever written anew. At 64 kB that costs 5 µs less than a head and a body, each by itself.
 *
 * For a GET over HTTP/1.1 on a connection that goes on; any other answer is assembled.
 */
export class JoinedAnswer {
  #octets: Buffer
  #body: Buffer
  readonly #headBytes: number
  #second = -1
  /** Some of the head waits for a slow client in the memory that it was sent from, which must not change any more. */
  #isHeadWaiting = false

  /**
   * `memory` is `HEAD_ROOM_BYTES` of room and then the body; it belongs to the answer from now on. `headerLines`, each
   * with its CRLF, are without Content-Length and Date. Throws where the room is too small.
   */
  constructor(memory: Buffer, headerLines: string) {
    const length = `Content-Length: ${memory.length - HEAD_ROOM_BYTES}\r\n`
    const head = `HTTP/1.1 200 OK\r\n${headerLines}${length}${BEFORE_DATE}${' '.repeat(DATE_CHARS)}\r\n\r\n`
    if (head.length > HEAD_ROOM_BYTES) throw new RangeError(`a head of ${head.length} octets has no room`)
    this.#headBytes = head.length
    this.#octets = memory.subarray(HEAD_ROOM_BYTES - head.length)
    this.#octets.write(head, 'latin1')
    this.#body = memory.subarray(HEAD_ROOM_BYTES)
  }

  /** Never changes. */
  get body(): Buffer {
    return this.#body
  }

  /** Sends it; what the kernel does not take waits with the connection. */
  sendTo(connection: Connection, nowMs: number): void {
    this.#setDate(Math.floor(nowMs / 1000))
    const before = connection.movedBytes
    const isTaken = connection.write(this.#octets)
    if (!isTaken && connection.movedBytes - before < this.#headBytes) this.#isHeadWaiting = true
  }

  #setDate(second: number): void {
    if (second === this.#second) return
    this.#second = second
    if (this.#isHeadWaiting) this.#moveAway()
    this.#octets.write(
      new Date(second * 1000).toUTCString(),
      this.#headBytes - DATE_CHARS - '\r\n\r\n'.length,
      'latin1',
    )
  }

  #moveAway(): void {
    this.#isHeadWaiting = false
    this.#octets = Buffer.from(this.#octets)
    this.#body = this.#octets.subarray(this.#headBytes)
  }
}
