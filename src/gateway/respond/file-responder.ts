import { closeSync, readSync } from 'node:fs'
import type { Exchange } from '../client/exchange.ts'
import type { Responder } from '../client/responder.ts'
import type { FilePart } from './local-response.ts'

/** Files are read and sent in pieces of this size, one after the other as the client takes them. */
const READ_BYTES = 131_072

/**
 * A client that takes data as fast as we send it would block all others: after this much, the event loop serves them.
 */
const TURN_BYTES = 1_048_576

/** Reads a file as fast as the client takes it, and always closes it. */
export class FileResponder implements Responder {
  readonly canTakeBody = false
  readonly #exchange: Exchange
  readonly #fd: number
  readonly #parts: readonly FilePart[]
  /** One buffer for the whole answer: the next piece is read only when the kernel has taken the previous one. */
  #buffer: Buffer | null = null
  #part = 0
  #offset = 0
  #isClosed = false

  constructor(exchange: Exchange, fd: number, parts: readonly FilePart[]) {
    this.#exchange = exchange
    this.#fd = fd
    this.#parts = parts
  }

  onRequestBody(): void {}
  onRequestEnd(): void {}
  onRequestFlush(): void {}
  onTick(): void {}

  onClientDrain(): void {
    if (this.#isClosed) return
    const { response, client } = this.#exchange
    let sentBytes = 0
    for (let piece = this.#next(); piece !== 'end'; piece = this.#next()) {
      if (piece === 'short') {
        this.onClientGone()
        return client.abort()
      }
      if (!response.write(piece)) return
      sentBytes += piece.length
      if (sentBytes >= TURN_BYTES) return this.#goOnLater()
    }
    this.onClientGone()
    response.end([])
    client.endResponse()
  }

  #goOnLater(): void {
    setImmediate(() => {
      try {
        this.onClientDrain()
      } catch (error) {
        this.#exchange.client.onFailure(error as Error)
        this.#exchange.client.abort()
      }
    })
  }

  #next(): Uint8Array | 'end' | 'short' {
    const part = this.#parts[this.#part]
    if (part === undefined) return 'end'
    const length = part.kind === 'slice' ? part.length : part.bytes.length
    if (part.kind === 'slice' && this.#offset < length) return this.#read(part)
    this.#part++
    this.#offset = 0
    return part.kind === 'bytes' ? part.bytes : this.#next()
  }

  /** Page cache reads take microseconds; the thread pool would cost more than it saves. */
  #read(part: Extract<FilePart, { kind: 'slice' }>): Uint8Array | 'short' {
    const buffer = (this.#buffer ??= Buffer.allocUnsafe(READ_BYTES))
    const wanted = Math.min(READ_BYTES, part.length - this.#offset)
    const count = readSync(this.#fd, buffer, 0, wanted, part.start + this.#offset)
    // The file has shrunk: the announced Content-Length cannot be sent.
    if (count === 0) return 'short'
    this.#offset += count
    return buffer.subarray(0, count)
  }

  onClientGone(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.#fd)
  }
}
