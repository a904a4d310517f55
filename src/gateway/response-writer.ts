import {
  chunkOf,
  headBytes,
  lastChunk,
  type BodyFraming,
  type Connection,
  type Field,
} from '../wire/index.ts'
import type { Scratch } from './scratch.ts'

/** How the client reads the body that we send. */
type Mode = 'none' | 'plain' | 'chunked'

/** Writes one response to a client, framed as the client can read it. Knows whether the connection may go on. */
export class ResponseWriter {
  /** The final head has been given; from here on errors can only be told by cutting the connection. */
  isStarted = false
  /** Another request may follow on the connection, as far as the client wants it and the framing allows. */
  keepAlive: boolean
  readonly #connection: Connection
  readonly #scratch: Scratch
  readonly #isHttp10: boolean
  readonly #isHead: boolean
  #mode: Mode = 'none'
  #held = ''

  constructor(
    connection: Connection,
    request: { method: string; minorVersion: 0 | 1; keepAlive: boolean },
    scratch: Scratch,
  ) {
    this.#connection = connection
    this.#scratch = scratch
    this.#isHttp10 = request.minorVersion === 0
    this.#isHead = request.method === 'HEAD'
    this.keepAlive = request.keepAlive
  }

  /** A 1xx head, `lines` each with its CRLF. HTTP/1.0 clients do not know them. */
  interim(statusText: string, lines: string): void {
    if (!this.#isHttp10) this.#connection.write(headBytes(`HTTP/1.1 ${statusText}\r\n${lines}\r\n`))
  }

  /**
   * The final head, held until the first piece of the body or `flush`. `lines` carry no hop-by-hop field, and
   * Content-Length exactly if `framing` is a length (or the response has no body whatever it says).
   */
  start(statusText: string, lines: string, framing: BodyFraming): void {
    this.isStarted = true
    this.#mode = this.#modeFor(framing)
    let head = `HTTP/1.1 ${statusText}\r\n${lines}`
    if (this.#mode === 'chunked') head += 'Transfer-Encoding: chunked\r\n'
    if (!this.keepAlive) head += 'Connection: close\r\n'
    else if (this.#isHttp10) head += 'Connection: keep-alive\r\n'
    this.#held = `${head}\r\n`
  }

  #modeFor(framing: BodyFraming): Mode {
    if (framing.kind === 'none' || this.#isHead) return 'none'
    if (framing.kind === 'length') return 'plain'
    if (!this.#isHttp10) return 'chunked'
    this.keepAlive = false
    return 'plain'
  }

  /** A piece of the body. False: wait for the connection's `onDrain` before the next one. */
  write(payload: Uint8Array): boolean {
    if (this.#mode === 'none' || payload.length === 0) return !this.#connection.isBlocked
    const bytes = this.#mode === 'chunked' ? chunkOf(payload) : payload
    if (this.#held === '') return this.#connection.write(bytes)
    const head = this.#held
    this.#held = ''
    if (this.#scratch.fits(head, bytes)) return this.#scratch.send(this.#connection, head, bytes)
    this.#connection.write(headBytes(head))
    return this.#connection.write(bytes)
  }

  /** Sends a head that still waits for its body. */
  flush(): void {
    if (this.#held === '') return
    this.#connection.write(headBytes(this.#held))
    this.#held = ''
  }

  /** The body is complete. */
  end(trailers: readonly Field[]): void {
    this.flush()
    if (this.#mode === 'chunked') this.#connection.write(lastChunk(trailers))
  }
}
