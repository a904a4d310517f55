import { clientAddress } from '../../kernel/client-network.ts'
import {
  newBodyReader,
  NO_TRAILERS,
  readRequestHead,
  type BodyReader,
  type Connection,
  type ConnectionHandler,
  type Fault,
  type RequestHead,
} from '../../wire/index.ts'
import { overdue, type Wait } from './deadlines.ts'
import type { ClientEvents, Timeout } from './client-events.ts'
import type { Exchange, Responder } from './exchange.ts'
import { MinimumRate } from './minimum-rate.ts'
import { OverlongHead } from './overlong-head.ts'
import { Progress } from './idle-tracker.ts'
import { ResponseWriter } from './response-writer.ts'
import { newHeaderCache, type HeaderCache } from '../headers/header-cache.ts'

/**
 * `ready`: between requests. `busy`: one request is being answered; what lies behind it waits. `lingering`: the
 * last answer is out and its client may still be sending. `gone`: closed, or handed over to a tunnel.
 */
type Phase = 'ready' | 'busy' | 'lingering' | 'gone'

/**
 * A head that is kept while its connection idles takes six times as much with what is made of it: 25 kB for one of this
 * size, which is more than browsers send. All connections together must not fill the memory with larger ones.
 */
const REPEATABLE_HEAD_BYTES = 4_096

const NOTHING = Buffer.alloc(0)

const isEmptyLine = (octets: Buffer): boolean =>
  octets.length === 2 && octets[0] === 0x0d && octets[1] === 0x0a

/** One client: reads its requests one after the other, in order, and never a byte of one as another. */
export class ClientConnection implements ConnectionHandler {
  readonly connection: Connection
  /** In canonical form: an IPv4 client on an IPv6 socket is shown as IPv4. */
  readonly address: string
  readonly #events: ClientEvents
  #phase: Phase = 'ready'
  #held: Buffer = NOTHING
  #exchange: Exchange | null = null
  /** A head that is refused, once its cookies are known. */
  #overlong: OverlongHead | null = null
  /** The last request, with what was made of its section, for those that repeat it. */
  #repeatable: { readonly request: RequestHead; readonly notes: HeaderCache } | null = null
  #responder: Responder | null = null
  #body: BodyReader | null = null
  #isResponseEnded = false
  /** The client has said that it sends no more. */
  #isHalfClosed = false
  #isAdvancing = false
  /** No further request may follow. */
  #isLast = false
  /** For the deadlines: what moves, since when a head is awaited (0: none is begun), and our last answer out. */
  readonly #progress = new Progress(Date.now())
  readonly #bodyRate: MinimumRate
  readonly #answerRate: MinimumRate
  #headSinceMs = Date.now()
  #lingersSinceMs = 0

  constructor(connection: Connection, events: ClientEvents) {
    this.connection = connection
    this.address = clientAddress(connection.remoteAddress) ?? connection.remoteAddress
    this.#events = events
    const { bodyMinBytesPerSecond, answerMinBytesPerSecond, rateWindowMs } = events.limits
    this.#bodyRate = new MinimumRate(bodyMinBytesPerSecond, rateWindowMs)
    this.#answerRate = new MinimumRate(answerMinBytesPerSecond, rateWindowMs)
  }

  get exchange(): Exchange | null {
    return this.#exchange
  }

  onData(bytes: Buffer): void {
    if (this.#phase === 'lingering') return
    if (this.#held.length === 0) this.#held = bytes
    else this.#held = Buffer.concat([this.#held, bytes])
    this.advance()
  }

  /** Reads on as far as the current request allows. Called when octets arrive, and when a responder can take more. */
  advance(): void {
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    while (this.#phase !== 'lingering' && this.#step());
    this.#isAdvancing = false
    if (this.#phase === 'gone') return
    this.#responder?.onRequestFlush()
    if (this.#isHalfClosed) this.#endHalfClosed()
    if (this.#isFull) this.connection.pause()
    else this.connection.resume()
  }

  /** Whether no more octets may be kept behind the request that is being answered. */
  get #isFull(): boolean {
    if (this.#phase === 'lingering' || this.#held.length === 0) return false
    if (this.#phase === 'ready') return this.connection.isBlocked
    return this.#body !== null || this.#held.length >= this.#events.limits.heldBytes
  }

  #step(): boolean {
    // Who asks on and on and takes no answer would fill our memory with them.
    if (this.#phase === 'ready')
      return this.#held.length > 0 && !this.connection.isBlocked && this.#readHead()
    if (this.#phase !== 'busy' || this.#body === null || this.#held.length === 0) return false
    return (
      this.#responder !== null && this.#responder.canTakeBody && this.#readBody(this.#body, this.#responder)
    )
  }

  #readHead(): boolean {
    if (this.#overlong !== null) return this.#readOverlong(this.#overlong, this.#held)
    const head = readRequestHead(this.#held, this.#repeatable?.request, this.#events.limits)
    if (head.kind === 'fault') return this.#refuseHead(head)
    if (head.kind === 'incomplete') {
      // An empty line that some clients send behind a body begins no request.
      if (isEmptyLine(this.#held)) this.#held = NOTHING
      else if (this.#headSinceMs === 0) this.#headSinceMs = Date.now()
      return false
    }
    this.#held = head.byteLength === this.#held.length ? NOTHING : this.#held.subarray(head.byteLength)
    this.#begin(head)
    return true
  }

  #refuseHead(fault: Fault): false {
    const overlong = OverlongHead.of(fault, this.#held, this.#events.limits.requestHeadBytes)
    if (overlong === null) return this.#refuse(fault)
    this.#overlong = overlong
    if (this.#headSinceMs === 0) this.#headSinceMs = Date.now()
    return this.#readOverlong(overlong, NOTHING)
  }

  #readOverlong(overlong: OverlongHead, bytes: Buffer): false {
    overlong.add(bytes)
    this.#held = NOTHING
    return overlong.isComplete && this.#refuse(overlong.fault)
  }

  #begin(request: RequestHead): void {
    this.#phase = 'busy'
    this.#headSinceMs = 0
    this.#isResponseEnded = false
    this.#body = request.framing.kind === 'none' ? null : newBodyReader(request.framing)
    this.#exchange = {
      request,
      id: this.#events.newRequestId(),
      client: this,
      response: new ResponseWriter(this.connection, request, this.#events.out),
      notes: this.#notesOn(request),
      grant: null,
      readableBy: null,
    }
    if (this.#isLast) this.#exchange.response.keepAlive = false
    this.#events.serve(this.#exchange)
  }

  #notesOn(request: RequestHead): HeaderCache {
    const known = this.#repeatable
    if (known?.request.section === request.section) {
      known.notes.isRepeated = true
      return known.notes
    }
    const notes = newHeaderCache()
    this.#repeatable = request.byteLength <= REPEATABLE_HEAD_BYTES ? { request, notes } : null
    return notes
  }

  /** The one who answers the current request. Its body, if it has one, follows. */
  respondWith(responder: Responder): void {
    this.#responder = responder
    if (this.#body === null) responder.onRequestEnd(NO_TRAILERS)
    else this.advance()
  }

  #readBody(body: BodyReader, responder: Responder): boolean {
    const part = body.read(this.#held)
    this.#held = NOTHING
    if (part.kind === 'fault') {
      responder.onClientGone()
      return this.#refuse(part)
    }
    if (part.payload.length > 0) responder.onRequestBody(part.payload)
    // That was too much of it: an answer is out, and the rest is nobody's.
    if (this.#body !== body) return false
    if (part.kind === 'more') return false
    this.#body = null
    this.#held = part.rest
    responder.onRequestEnd(part.trailers)
    if (this.#isResponseEnded) this.#finish()
    return true
  }

  #refuse(fault: Fault | Timeout): false {
    const started = this.#exchange?.response.isStarted === true
    this.#responder = null
    if (started) this.abort()
    else {
      const request = this.#exchange?.request ?? { method: 'GET', minorVersion: 1 as const }
      const response = new ResponseWriter(this.connection, { ...request, keepAlive: false }, this.#events.out)
      this.#events.refuseFault(fault, {
        response,
        requestId: this.#exchange?.id ?? this.#events.newRequestId(),
        octets: this.#exchange?.request.octets ?? this.#overlong?.octets ?? this.#held,
        cookieNames: this.#overlong?.cookieNames ?? [],
      })
      this.#linger()
    }
    return false
  }

  /** The response is complete. The connection goes on if both sides can. */
  endResponse(): void {
    this.#isResponseEnded = true
    // Behind a half-closed connection whole requests may still wait.
    const hasMore = !this.#isHalfClosed || this.#held.length > 0
    if (!this.#exchange!.response.keepAlive || !hasMore) this.#linger()
    else if (this.#body !== null) this.#skipBody()
    else this.#finish()
  }

  /** The answer came first. The client may not even look at it before its request is out, and the next one follows. */
  #skipBody(): void {
    this.#responder = SKIPPING
    this.#lingersSinceMs = Date.now()
    this.advance()
  }

  #finish(): void {
    this.#phase = 'ready'
    this.#exchange = null
    this.#responder = null
    this.advance()
  }

  /**
   * Says that nothing more comes, and reads on for a moment: closing while the client is still sending would
   * destroy the answer on its way (RFC 9112, 9.6).
   */
  #linger(): void {
    this.#phase = 'lingering'
    this.#exchange = null
    this.#responder = null
    this.#body = null
    this.#held = NOTHING
    this.#lingersSinceMs = Date.now()
    this.connection.end()
    this.connection.resume()
    if (this.#isHalfClosed) this.#closeWhenSent()
  }

  #closeWhenSent(): void {
    if (!this.connection.isBlocked) this.connection.close()
  }

  /** Cuts the connection, so that an answer that is not complete cannot be taken for one. */
  abort(): void {
    this.connection.destroy()
  }

  /** Gives the connection away, with the octets that came behind the request. */
  release(): Buffer {
    const held = this.#held
    this.#held = NOTHING
    this.#phase = 'gone'
    this.#events.onReleased(this)
    return held
  }

  onDrain(): void {
    if (this.#phase === 'lingering' && this.#isHalfClosed) this.connection.close()
    else if (this.#phase === 'ready') this.advance()
    else this.#responder?.onClientDrain()
  }

  onEnd(): void {
    this.#isHalfClosed = true
    if (this.#phase === 'lingering') this.#closeWhenSent()
    else this.#endHalfClosed()
  }

  /** Nothing more comes: a request that is not complete will never be; a complete one is still answered. */
  #endHalfClosed(): void {
    if (this.#phase === 'ready') this.#lingerUnlessBlocked()
    else if (this.#phase === 'busy' && this.#body !== null && this.#held.length === 0) this.abort()
  }

  /** Whole requests may wait behind an answer that is not taken yet. */
  #lingerUnlessBlocked(): void {
    if (this.#held.length === 0 || !this.connection.isBlocked) this.#linger()
  }

  onClose(): void {
    const responder = this.#responder
    this.#phase = 'gone'
    this.#exchange = null
    this.#responder = null
    this.#held = NOTHING
    this.#events.onClose(this)
    responder?.onClientGone()
  }

  onFailure(error: Error): void {
    this.#events.onFailure(error, this.#exchange?.id ?? null)
  }

  /** Ends what takes too long. Called now and then with the time, so that no request has to set a timer. */
  checkDeadlines(nowMs: number): void {
    this.#progress.look(this.connection, nowMs)
    const wait = this.#waitAt(nowMs)
    if (wait?.for !== 'body') this.#bodyRate.reset()
    if (wait?.for !== 'room') this.#answerRate.reset()
    const due = wait === null ? null : overdue(wait, this.#events.limits)
    if (due === 'abort') this.abort()
    else if (due === 'close') this.connection.close()
    else if (due === 'give-up') this.#giveUp(`request ${wait!.for} took too long`)
    this.#responder?.onTick(nowMs)
  }

  /** Null: for its upstream, whose deadlines the responder knows. */
  #waitAt(nowMs: number): Wait | null {
    const quietMs = this.#progress.quietMs(nowMs)
    const isLast = this.#isLast
    if (this.connection.isBlocked) {
      const isTooSlow = this.#answerRate.isMissed(this.connection.sentBytes, nowMs)
      return { for: 'room', ms: this.#progress.stalledMs(nowMs), isTooSlow }
    }
    if (this.#phase === 'ready') {
      if (this.#headSinceMs === 0) return { for: 'request', ms: quietMs, isLast }
      return { for: 'head', ms: nowMs - this.#headSinceMs, isBegun: this.#hasBegun, isLast }
    }
    if (this.#phase === 'lingering' || this.#responder === SKIPPING)
      return { for: 'rest', ms: nowMs - this.#lingersSinceMs, quietMs }
    if (this.#body !== null && this.#responder?.canTakeBody === true)
      return { for: 'body', ms: quietMs, isTooSlow: this.#isBodyTooSlow(nowMs) }
    return this.#isHalfClosed ? { for: 'answer', ms: quietMs } : null
  }

  #isBodyTooSlow(nowMs: number): boolean {
    if (this.#exchange?.response.isStarted !== true)
      return this.#bodyRate.isMissed(this.connection.receivedBytes, nowMs)
    this.#bodyRate.reset()
    return false
  }

  get #hasBegun(): boolean {
    return this.#held.length > 0 || this.#overlong !== null
  }

  #giveUp(reason: string): void {
    const responder = this.#responder
    this.#refuse({ kind: 'timeout', status: 408, reason })
    responder?.onClientGone()
  }

  /**
   * Ends the connection as soon as no request is under way. One that has just come may still send its first: whoever
   * opened it, perhaps still shaking hands, does not know that we are leaving.
   */
  closeWhenIdle(): void {
    this.retire()
    const isIdle = this.#phase === 'ready' && this.#headSinceMs === 0 && this.#held.length === 0
    if (isIdle && !this.connection.isBlocked) this.connection.close()
  }

  /** The same, but for a client that keeps its connection: its next answer says that it was the last one. */
  retire(): void {
    this.#isLast = true
    // What has been promised by a head that is out already holds for one more request.
    if (this.#exchange?.response.isStarted === false) this.#exchange.response.keepAlive = false
  }
}

/** Reads the rest of a request that was answered before it had ended. */
const SKIPPING: Responder = {
  canTakeBody: true,
  onRequestBody() {},
  onRequestEnd() {},
  onRequestFlush() {},
  onClientDrain() {},
  onTick() {},
  onClientGone() {},
}
