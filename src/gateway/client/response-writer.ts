import {
  chunkOf,
  lastChunk,
  type BodyFraming,
  type Connection,
  type Field,
  type HeadWriter,
} from '../../wire/index.ts'

/** Status code and reason, `200 OK`, and what writes the field lines, each with its CRLF. */
export interface AnswerHead {
  readonly statusText: string
  readonly writeLines: (out: HeadWriter) => void
}

const NOTHING = Buffer.alloc(0)

/** How the client reads the body that we send. */
type Mode = 'none' | 'plain' | 'chunked'

/** Writes one response to a client, framed as the client can read it. Knows whether the connection can be kept. */
export class ResponseWriter {
  /** The final head has been given: from then on an error can only be shown by cutting the connection. */
  isStarted = false
  /** Another request may follow on the connection, if the client wants it and the framing allows it. */
  keepAlive: boolean
  readonly #connection: Connection
  readonly #out: HeadWriter
  readonly #isHttp10: boolean
  readonly #isHead: boolean
  #mode: Mode = 'none'
  /** A head that waits to be sent together with the first piece of the body. */
  #held: AnswerHead | null = null

  constructor(
    connection: Connection,
    request: { method: string; minorVersion: 0 | 1; keepAlive: boolean },
    out: HeadWriter,
  ) {
    this.#connection = connection
    this.#out = out
    this.#isHttp10 = request.minorVersion === 0
    this.#isHead = request.method === 'HEAD'
    this.keepAlive = request.keepAlive
  }

  /** A 1xx head. HTTP/1.0 clients do not know it, and get none. */
  interim(head: AnswerHead): void {
    if (!this.#isHttp10) this.#sendHead(head, '', NOTHING, 0)
  }

  /** The 101, after which the connection is a raw pipe. */
  upgrade(head: AnswerHead): void {
    this.isStarted = true
    this.#sendHead(head, '', NOTHING, 0)
  }

  /**
   * The final head, held until the first piece of the body or `flush`. Its lines carry no hop-by-hop field, and
   * Content-Length exactly if `framing` is a length (or the response has no body in any case).
   */
  start(head: AnswerHead, framing: BodyFraming): void {
    this.isStarted = true
    this.#mode = this.#modeFor(framing)
    this.#held = head
  }

  #modeFor(framing: BodyFraming): Mode {
    if (framing.kind === 'none' || this.#isHead) return 'none'
    if (framing.kind === 'length') return 'plain'
    if (!this.#isHttp10) return 'chunked'
    this.keepAlive = false
    return 'plain'
  }

  /** A piece of the body, `bytes` from `from` on. False: wait for the connection's `onDrain` before the next one. */
  write(bytes: Uint8Array, from = 0): boolean {
    if (this.#mode === 'none' || bytes.length === from) return !this.#connection.isBlocked
    if (this.#mode === 'plain' && this.#held !== null)
      return this.#sendHeld(this.#held, asBuffer(bytes), from)
    const piece = from === 0 ? bytes : bytes.subarray(from)
    if (this.#mode === 'plain') return this.#connection.write(piece)
    const chunk = chunkOf(piece)
    return this.#held === null ? this.#connection.write(chunk) : this.#sendHeld(this.#held, chunk, 0)
  }

  /** Sends a head that still waits for its body. */
  flush(): void {
    if (this.#held !== null) this.#sendHeld(this.#held, NOTHING, 0)
  }

  #sendHeld(head: AnswerHead, body: Buffer, from: number): boolean {
    this.#held = null
    const framing = this.#mode === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : ''
    const keepAlive = this.#isHttp10 ? 'Connection: keep-alive\r\n' : ''
    return this.#sendHead(head, framing + (this.keepAlive ? keepAlive : 'Connection: close\r\n'), body, from)
  }

  #sendHead({ statusText, writeLines }: AnswerHead, lines: string, body: Buffer, from: number): boolean {
    const out = this.#out.start()
    out.text('HTTP/1.1 ')
    out.text(statusText)
    out.text('\r\n')
    writeLines(out)
    out.text(lines)
    out.text('\r\n')
    return out.send(this.#connection, body, from)
  }

  /** The body is complete. */
  end(trailers: readonly Field[]): void {
    this.flush()
    if (this.#mode === 'chunked') this.#connection.write(lastChunk(trailers))
  }
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
