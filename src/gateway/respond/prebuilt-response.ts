import type { Connection } from '../../wire/index.ts'

/** Before the body, for its head. The longest of today takes 428 octets. */
export const HEAD_ROOM_BYTES = 512

/**
 * A 200 that is sent often, as it goes out: head and body in one piece of memory, so that it leaves in one system call
 * and its head is written anew once a second. At 64 kB that costs 5 µs less than a head and a body, each by itself.
 *
 * For a GET over HTTP/1.1 on a connection that goes on; any other answer is assembled.
 */
export class PrebuiltResponse {
  #memory: Buffer
  #body: Buffer
  /** Of the memory: the head as it is now, and the body. */
  #octets: Buffer
  readonly #lines: string
  #moreLines: string | null = null
  #second = 0
  /** Some of the head waits for a slow client in the memory that it was sent from, which must not change any more. */
  #isHeadWaiting = false

  /**
   * `memory` is `HEAD_ROOM_BYTES` of room and then the body; it belongs to the answer from now on. `headerLines`, each
   * with its CRLF, are without Content-Length and Date.
   */
  constructor(memory: Buffer, headerLines: string) {
    this.#memory = memory
    this.#body = memory.subarray(HEAD_ROOM_BYTES)
    this.#octets = this.#body
    this.#lines = `HTTP/1.1 200 OK\r\n${headerLines}Content-Length: ${this.#body.length}\r\n`
  }

  /** Never changes. */
  get body(): Buffer {
    return this.#body
  }

  /**
   * Sends it with `moreLines` in its head; what the kernel does not take waits with the connection. False: such a head
   * has no room, and nothing was sent.
   */
  sendTo(connection: Connection, nowMs: number, moreLines: string): boolean {
    const second = Math.floor(nowMs / 1000)
    const isReady = second === this.#second && moreLines === this.#moreLines
    if (!isReady && !this.#writeHead(second, moreLines)) return false
    const before = connection.sentBytes
    const isTaken = connection.write(this.#octets)
    const headBytes = this.#octets.length - this.#body.length
    if (!isTaken && connection.sentBytes - before < headBytes) this.#isHeadWaiting = true
    return true
  }

  #writeHead(second: number, moreLines: string): boolean {
    const head = `${this.#lines}${moreLines}Date: ${new Date(second * 1000).toUTCString()}\r\n\r\n`
    const start = HEAD_ROOM_BYTES - head.length
    if (start < 0) return false
    if (this.#isHeadWaiting) this.#moveAway()
    this.#memory.write(head, start, 'latin1')
    this.#octets = this.#memory.subarray(start)
    this.#second = second
    this.#moreLines = moreLines
    return true
  }

  #moveAway(): void {
    this.#isHeadWaiting = false
    this.#memory = Buffer.from(this.#memory)
    this.#body = this.#memory.subarray(HEAD_ROOM_BYTES)
  }
}
