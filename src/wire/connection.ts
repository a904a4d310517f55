import type { Socket } from 'bun'

/** Told what happens on a connection. Exactly one `onClose` comes last; nothing is called after it. */
export interface ConnectionHandler {
  onData(bytes: Buffer): void
  /** Everything that was written has left for the kernel, after `write` had said otherwise. */
  onDrain(): void
  /** The peer sends no more. We still can. */
  onEnd(): void
  onClose(): void
  /** A handler of ours threw. The connection is cut; `onClose` follows. */
  onFailure(error: Error): void
}

/** What Bun gives a socket to write to; narrowed so that TLS and tests fit as well. */
export type RawSocket = Pick<
  Socket<Connection>,
  'write' | 'pause' | 'resume' | 'shutdown' | 'end' | 'terminate'
>

/**
 * One byte stream to a peer. Owns the octets the kernel would not take yet, so that callers see one rule: when
 * `write` says false, stop producing until `onDrain`.
 *
 * Bun's own sockets rather than node:net: the same proxy loop costs about 3 µs of CPU less per request.
 */
export class Connection {
  handler: ConnectionHandler
  readonly remoteAddress: string
  #socket: RawSocket
  #queue: Uint8Array[] = []
  #state: 'open' | 'ending' | 'ended' | 'closed' = 'open'
  #isPaused = false
  #isPeerEnded = false
  #receivedBytes = 0
  #sentBytes = 0

  constructor(socket: RawSocket, handler: ConnectionHandler, remoteAddress: string) {
    this.#socket = socket
    this.handler = handler
    this.remoteAddress = remoteAddress
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Octets that came or left since the beginning: a connection on which this stands still is stalled or idle. */
  get movedBytes(): number {
    return this.#receivedBytes + this.#sentBytes
  }

  /** Octets that came since the beginning. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** Octets that left since the beginning. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  /** Whether octets wait for the kernel. */
  get isBlocked(): boolean {
    return this.#queue.length > 0
  }

  /**
   * Sends the octets, which must not be changed afterwards. False: some of them wait in memory, produce no more
   * until `onDrain`. After `end` or on a closed connection they are dropped.
   */
  write(bytes: Uint8Array): boolean {
    return this.#write(bytes, bytes.length, false)
  }

  /** Sends the first `length` octets, as `write` does. What has to wait is copied: the memory is free again. */
  writeFirst(bytes: Uint8Array, length: number): boolean {
    return this.#write(bytes, length, true)
  }

  #write(bytes: Uint8Array, length: number, isCopied: boolean): boolean {
    if (this.#state !== 'open' || length === 0) return !this.isBlocked
    const written = this.isBlocked ? 0 : this.#socket.write(bytes, 0, length)
    if (written > 0) this.#sentBytes += written
    if (written < 0 || written === length) return true
    const rest = bytes.subarray(written, length)
    this.#queue.push(isCopied ? Buffer.from(rest) : rest)
    return false
  }

  /** Reads no more until `resume`: the peer's kernel tells it to slow down. */
  pause(): void {
    if (this.#isPaused || this.#state === 'closed') return
    this.#isPaused = true
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#isPaused || this.#state === 'closed') return
    this.#isPaused = false
    this.#socket.resume()
  }

  /** Says that we send no more, behind everything that was written. The peer may go on sending. */
  end(): void {
    if (this.#state !== 'open') return
    this.#state = this.isBlocked ? 'ending' : 'ended'
    if (this.#state === 'ended') this.#socket.shutdown()
  }

  /** Closes both directions now. What the peer has not read is lost, and the peer learns that it was cut. */
  destroy(): void {
    if (this.#state === 'closed') return
    this.#queue = []
    this.#isPeerEnded = true
    this.#socket.terminate()
  }

  /** Closes both directions in order: for a peer that has nothing more to say or to hear. */
  close(): void {
    if (this.#state === 'closed') return
    if (this.isBlocked) return this.destroy()
    this.#isPeerEnded = true
    // Over TLS, `end` alone would wait for the peer's own close_notify, for as long as it likes.
    if (this.#state === 'open') this.#socket.shutdown()
    this.#socket.end()
  }

  /** These four are for the socket's own events. */
  handleData(bytes: Buffer): void {
    this.#receivedBytes += bytes.length
    this.handler.onData(bytes)
  }

  handleDrain(): void {
    if (this.#queue.length === 0 || this.#state === 'closed') return
    while (this.#queue.length > 0) {
      const bytes = this.#queue[0]!
      const written = this.#socket.write(bytes)
      if (written > 0) this.#sentBytes += written
      if (written < bytes.length) {
        if (written > 0) this.#queue[0] = bytes.subarray(written)
        return
      }
      this.#queue.shift()
    }
    if (this.#state === 'ending') {
      this.#state = 'ended'
      this.#socket.shutdown()
    }
    this.handler.onDrain()
  }

  handleEnd(): void {
    if (this.#isPeerEnded) return
    this.#isPeerEnded = true
    this.handler.onEnd()
  }

  /**
   * Where we have ended first, the peer's end arrives as a close alone: it is told as what it is, since what came
   * before it is whole. `isCut`: it is no end but a reset.
   */
  handleClose(isCut: boolean): void {
    if (this.#state === 'closed') return
    if (!isCut) this.handleEnd()
    this.#state = 'closed'
    this.#queue = []
    this.handler.onClose()
  }
}
