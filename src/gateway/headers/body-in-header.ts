import type { RequestHead } from '../../wire/index.ts'
import type { Exchange } from '../client/exchange.ts'
import type { Responder } from '../client/responder.ts'

/** Bodies of GET requests to the platform: those of the official CLI are far smaller. */
export const BODY_IN_HEADER_BYTES = 4_096

/**
 * Reads a whole small request body as base64. The platform's HTTP server drops bodies of GET, but the signature of a
 * call covers them (COMPAT 3.4), so they are sent in a header on our own socket.
 */
export class BodyInHeader implements Responder {
  readonly canTakeBody = true
  readonly #pieces: Buffer[] = []
  readonly #onBody: (base64: string | 'too-large') => void
  #bytes = 0
  #isDone = false

  constructor(onBody: (base64: string | 'too-large') => void) {
    this.#onBody = onBody
  }

  onRequestBody(payload: Buffer): void {
    this.#bytes += payload.length
    if (this.#bytes <= BODY_IN_HEADER_BYTES) this.#pieces.push(payload)
    else this.#finish('too-large')
  }

  onRequestEnd(): void {
    this.#finish(Buffer.concat(this.#pieces).toString('base64'))
  }

  #finish(body: string): void {
    if (this.#isDone) return
    this.#isDone = true
    this.#onBody(body)
  }

  onRequestFlush(): void {}
  onClientDrain(): void {}
  onTick(): void {}
  onClientGone(): void {
    this.#isDone = true
  }
}

export const hasDroppedBody = ({ request }: Exchange): boolean =>
  request.framing.kind !== 'none' && (request.method === 'GET' || request.method === 'HEAD')

/** The same request as if it had no body. */
export const withoutBody = (request: RequestHead): RequestHead => ({
  ...request,
  framing: { kind: 'none' },
  fields: request.fields.filter((field) => field.key !== 'content-length'),
})
