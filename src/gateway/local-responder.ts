import { closeSync, readSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import type { HeadWriter } from '../wire/index.ts'
import type { Exchange, Responder } from './exchange.ts'
import type { FilePart, LocalResponse } from './local-response.ts'
import type { ResponseWriter } from './response-writer.ts'

/** Files are read and sent in pieces of this size, one after the other as the client takes them. */
const READ_BYTES = 131_072

/** Sends an answer of the gateway itself. What is still to come of the request is not read: the connection ends. */
export function answerLocally(exchange: Exchange, answer: LocalResponse): void {
  const { request, response, client } = exchange
  const { body } = answer
  if (request.framing.kind !== 'none') response.keepAlive = false
  if (body.kind === 'file') {
    startAnswer(response, answer)
    const responder = new FileResponder(exchange, body.fd, request.method === 'HEAD' ? [] : body.parts)
    client.respondWith(responder)
    responder.onClientDrain()
  } else {
    writeAnswer(response, answer)
    client.endResponse()
  }
}

/** Writes an answer that is in memory. */
export function writeAnswer(response: ResponseWriter, answer: LocalResponse): void {
  startAnswer(response, answer)
  if (answer.body.kind === 'bytes') response.write(answer.body.bytes)
  response.end([])
}

function startAnswer(response: ResponseWriter, answer: LocalResponse): void {
  const length = answer.body.kind === 'none' ? 0 : lengthOf(answer.body)
  const head = {
    statusText: statusText(answer.status),
    writeLines: (out: HeadWriter) => out.text(fieldLines(answer)),
  }
  response.start(head, { kind: 'length', length })
}

function fieldLines({ headers, headerLines, body }: LocalResponse): string {
  let lines = headerLines ?? headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  if (body.kind !== 'none') lines += `Content-Length: ${lengthOf(body)}\r\n`
  return `${lines}Date: ${new Date().toUTCString()}\r\n`
}

function lengthOf(body: Exclude<LocalResponse['body'], { kind: 'none' }>): number {
  if (body.kind === 'bytes') return body.bytes.length
  return body.parts.reduce((sum, part) => sum + (part.kind === 'slice' ? part.length : part.bytes.length), 0)
}

/** Reads a file as fast as the client takes it, and closes it whatever happens. */
class FileResponder implements Responder {
  readonly canTakeBody = false
  readonly #exchange: Exchange
  readonly #fd: number
  readonly #parts: readonly FilePart[]
  /** One for the whole answer: the next piece is only read when the one before has left for the kernel. */
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
    for (let piece = this.#next(); piece !== 'end'; piece = this.#next()) {
      if (piece === 'short') {
        this.onClientGone()
        return client.abort()
      }
      if (!response.write(piece)) return
    }
    this.onClientGone()
    response.end([])
    client.endResponse()
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
    // The file has shrunk: what was promised as Content-Length cannot be kept.
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

const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? 'Unknown'}`
