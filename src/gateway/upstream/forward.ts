import {
  chunkOf,
  lastChunk,
  NO_TRAILERS,
  type Address,
  type Connection,
  type Field,
  type ResponseHead,
} from '../../wire/index.ts'
import { isUpgradeAccepted } from './accepted-upgrade.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import type { Responder } from '../client/responder.ts'
import type { Failure, ResponseFailure } from './failure.ts'
import { writeAnswer } from '../respond/local-responder.ts'
import { passingTrailers, writeRequestHead, type ForwardedHead } from '../headers/request-headers.ts'
import {
  cleanTrailers,
  writeResponseLines,
  writeUpgradeLines,
  type AnsweredRequest,
  type ResponseSource,
} from '../headers/response-headers.ts'
import { isReadablePage, withManifest, type ChangedPage } from '../respond/private-page.ts'
import type { AnswerHead } from '../client/response-writer.ts'
import { mayUpgrade } from '../headers/upgrade.ts'
import { answerInsteadOf431 } from '../respond/too-many-cookies.ts'
import type { ResponseListener, UpstreamConnection } from './upstream-connection.ts'
import { addressOf, type Upstream } from './upstream.ts'
import { withTimeout } from './with-timeout.ts'

export interface ForwardOptions {
  readonly exchange: Exchange
  readonly head: ForwardedHead
  readonly upstream: Upstream
  readonly context: GatewayContext
  /** Longest body that is carried; beyond it the exchange fails. */
  readonly maxBodyBytes: number
  /** Whether a page that says so may be the answer while the upstream is woken. Asked only then. */
  readonly mayShowWakePage: (exchange: Exchange, context: GatewayContext) => boolean
  readonly onWideCookie: AnsweredRequest['onWideCookie']
  /** Its manifest has to be fetched with the cookie that the page was fetched with. */
  readonly isPrivatePage: boolean
  /** Nothing has been answered yet, and nothing will come from the upstream: answer with an error page. */
  readonly onFailure: (failure: Failure) => void
}

const NOTHING = Buffer.alloc(0)

/**
 * Its client may take an answer for the leave to send no body, and send the next request instead: where we said that the
 * connection goes on, that would be read as the body (RFC 9110, 10.1.1).
 */
const expectsContinue = ({ request }: Exchange): boolean => request.fields.some(({ key }) => key === 'expect')

/** Safe to repeat (RFC 9110, 9.2.2) without asking the app what it does on PUT or DELETE. */
const REPLAYABLE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Carries one request to an upstream and its response back, as octets arrive. */
export class Forward implements Responder, ResponseListener {
  readonly #exchange: Exchange
  readonly #upstream: Upstream
  readonly #context: GatewayContext
  readonly #mayShowWakePage: ForwardOptions['mayShowWakePage']
  readonly #answered: AnsweredRequest
  readonly #isPrivatePage: boolean
  /** Of a page, until the first piece of its body has been looked at. */
  #heldHead: ResponseHead | null = null
  /** We have answered ourselves, and what comes of the response is dropped. */
  #isReplaced = false
  readonly #onFailure: (failure: Failure) => void
  /** What is forwarded, which may be framed otherwise than what came in (`withoutBody`). */
  readonly #head: ForwardedHead
  readonly #isReplayable: boolean
  readonly #maxBodyBytes: number
  #connection: UpstreamConnection | null = null
  /** The head is held until the first octets of the body or the end of the event join it. */
  #isHeadSent = false
  #isDone = false
  #hasWoken = false
  #hasRetried = false
  #isRequestEnded = false
  #waitsSinceMs = 0
  #bodyBytes = 0

  constructor(options: ForwardOptions) {
    const { request } = options.head
    this.#exchange = options.exchange
    this.#head = options.head
    this.#upstream = options.upstream
    this.#context = options.context
    this.#maxBodyBytes = options.maxBodyBytes
    this.#mayShowWakePage = options.mayShowWakePage
    const { request: asked, readableBy } = options.exchange
    this.#answered = { hostname: asked.hostname, readableBy, onWideCookie: options.onWideCookie }
    this.#isPrivatePage = options.isPrivatePage
    this.#onFailure = options.onFailure
    this.#isReplayable = request.framing.kind === 'none' && REPLAYABLE_METHODS.has(request.method)
  }

  /** Finds a connection: at once if one idles, else the upstream is woken and connected to. */
  start(): void {
    const { address } = this.#upstream
    const { limits, pool } = this.#context
    const maxIdleMs = this.#isReplayable ? limits.upstreamIdleMs : limits.upstreamFreshMs
    const idle = address === null ? null : pool.takeIdle(address, maxIdleMs)
    if (idle !== null) this.#use(idle)
    else this.#openSoon(address)
    this.#exchange.client.respondWith(this)
  }

  #openSoon(address: Address | null): void {
    this.#open(address).catch((error: unknown) => this.#fail({ kind: 'internal', cause: error }))
  }

  async #open(known: Address | null): Promise<void> {
    const address = known ?? (await this.#wake())
    if (address === null || this.#isDone) return
    let connection: UpstreamConnection
    try {
      connection = await this.#context.pool.connect(address)
    } catch (error) {
      // The process may have died a moment ago: the platform knows, and starts it again.
      if (this.#upstream.wake !== null && !this.#hasWoken && !this.#isDone) return this.#open(null)
      return this.#fail({ kind: 'unreachable', code: (error as { code?: string }).code ?? 'unknown' })
    }
    if (this.#isDone) return connection.abandon()
    this.#use(connection)
    if (this.#isRequestEnded) this.#finishRequest()
    else this.#exchange.client.advance()
  }

  async #wake(): Promise<Address | null> {
    if (this.#upstream.wake === null) return null
    this.#hasWoken = true
    const waking = this.#upstream.wake()
    const result = await (this.#mayShowWakePage(this.#exchange, this.#context)
      ? withTimeout(waking, this.#context.limits.wakePageMs)
      : waking)
    if (result === null) {
      this.#fail({ kind: 'waking' })
      return null
    }
    if (result.kind === 'ready') return addressOf(result.address)
    this.#fail({ kind: 'not-woken', result })
    return null
  }

  #use(connection: UpstreamConnection): void {
    const { request, isLast } = this.#head
    this.#connection = connection
    // Who refuses an upgrade may have stopped reading HTTP all the same: Node's server gives the socket away.
    connection.begin(this, request.method, isLast || mayUpgrade(request))
    this.#isHeadSent = false
  }

  // The request, towards the upstream.

  get canTakeBody(): boolean {
    return this.#connection !== null && !this.#connection.isBlocked
  }

  onRequestBody(payload: Buffer): void {
    this.#bodyBytes += payload.length
    if (this.#bodyBytes > this.#maxBodyBytes) return this.#fail({ kind: 'too-large' })
    const isChunked = this.#head.request.framing.kind === 'chunked'
    this.#write(isChunked ? chunkOf(payload) : payload)
  }

  /** Trailers may be left out (RFC 9110, 6.5.1), and are where the upstream may read them as its next request: Bun's server does. */
  onRequestEnd(trailers: readonly Field[]): void {
    this.#isRequestEnded = true
    const passing = this.#upstream.server === 'node' ? passingTrailers(trailers) : NO_TRAILERS
    if (this.#head.request.framing.kind === 'chunked') this.#write(lastChunk(passing))
    this.#finishRequest()
  }

  #finishRequest(): void {
    this.onRequestFlush()
    this.#connection?.endRequest()
  }

  onRequestFlush(): void {
    if (!this.#isHeadSent && this.#connection !== null) this.#write(NOTHING)
  }

  #write(bytes: Buffer): void {
    this.#waitsSinceMs = 0
    if (this.#isHeadSent) this.#connection?.write(bytes)
    else {
      const out = this.#context.out.start()
      writeRequestHead(out, this.#head)
      this.#connection?.writeHead(out, bytes)
      this.#isHeadSent = true
    }
  }

  onRequestDrain(): void {
    this.#exchange.client.advance()
  }

  // The response, towards the client.

  onInterim(head: ResponseHead): void {
    this.#exchange.response.interim(this.#answerHead(head))
  }

  onResponseHead(head: ResponseHead): void {
    if (!this.#isRequestEnded && this.#bodyBytes === 0 && expectsContinue(this.#exchange))
      this.#exchange.response.keepAlive = false
    const instead =
      head.status === 431 ? answerInsteadOf431(this.#exchange, this.#context.settings.scheme) : null
    this.#isReplaced = instead !== null
    if (instead !== null) writeAnswer(this.#exchange.response, instead)
    else if (this.#isPrivatePage && isReadablePage(head)) this.#heldHead = head
    else this.#exchange.response.start(this.#answerHead(head), head.framing)
  }

  /** Sends the head that was held, for a body that begins with `first`. What is to be sent in place of that. */
  #releaseHead(head: ResponseHead, first: Buffer): Buffer {
    this.#heldHead = null
    const changed = withManifest(head, first)
    if (changed === null) this.#exchange.response.start(this.#answerHead(head), head.framing)
    else this.#exchange.response.start(this.#changedHead(changed), changed.framing)
    return changed?.bytes ?? first
  }

  #changedHead(page: ChangedPage): AnswerHead {
    const { statusText, writeLines } = this.#answerHead(page.head)
    return {
      statusText,
      writeLines(out) {
        writeLines(out)
        page.writeLines(out)
      },
    }
  }

  get #source(): ResponseSource {
    const { grant } = this.#exchange
    const { source } = this.#upstream
    return source === 'micro' && grant?.principal.kind !== 'anonymous' ? 'private-micro' : source
  }

  #answerHead(head: ResponseHead): AnswerHead {
    const source = this.#source
    return {
      statusText: head.statusText,
      writeLines: (out) => writeResponseLines(out, head, source, this.#answered),
    }
  }

  onResponseBody(bytes: Buffer, from: number): void {
    if (this.#isReplaced) return
    if (this.#heldHead !== null)
      return this.onResponseBody(this.#releaseHead(this.#heldHead, bytes.subarray(from)), 0)
    if (!this.#exchange.response.write(bytes, from)) this.#connection?.pause()
  }

  onResponseEnd(trailers: readonly Field[]): void {
    if (this.#heldHead !== null) this.#releaseHead(this.#heldHead, NOTHING)
    this.#isDone = true
    this.#connection = null
    this.#exchange.response.end(cleanTrailers(trailers))
    this.#exchange.client.endResponse()
  }

  onResponseFlush(): void {
    if (!this.#isDone) this.#exchange.response.flush()
  }

  onClientDrain(): void {
    this.#connection?.resume()
  }

  /** An answer of 101 is only believed where this upgrade was asked for. */
  onUpgrade(head: ResponseHead, upstream: Connection, first: Buffer): void {
    const { request, response, client } = this.#exchange
    this.#isDone = true
    this.#connection = null
    if (!isUpgradeAccepted(request, head)) {
      upstream.destroy()
      return this.#onFailure({ kind: 'malformed', reason: 'unasked 101' })
    }
    const { statusText, writeLines } = this.#answerHead(head)
    response.upgrade({
      statusText,
      writeLines(out) {
        writeUpgradeLines(out, head)
        writeLines(out)
      },
    })
    client.connection.write(first)
    upstream.write(client.release())
    this.#context.openTunnel(client.connection, upstream, this.#exchange.grant)
  }

  onResponseFailure(failure: ResponseFailure): void {
    const isStale = failure.kind === 'hung-up' && failure.isSilent && this.#connection?.isReused === true
    this.#connection = null
    if (isStale && this.#isReplayable && !this.#hasRetried && !this.#isDone) {
      this.#hasRetried = true
      this.#openSoon(this.#upstream.address)
    } else this.#fail(failure)
  }

  onTick(nowMs: number): void {
    if (this.#connection === null || this.#exchange.response.isStarted) return
    if (this.#upstream.isHung?.()) return this.#fail({ kind: 'timeout' })
    if (!this.#isRequestEnded && this.canTakeBody) return
    if (this.#waitsSinceMs === 0) this.#waitsSinceMs = nowMs
    else if (nowMs - this.#waitsSinceMs > this.#context.limits.firstByteMs) this.#fail({ kind: 'timeout' })
  }

  onClientGone(): void {
    this.#isDone = true
    this.#connection?.abandon()
    this.#connection = null
  }

  /** An error page while that is possible; afterwards only a cut tells the client that its answer is not whole. */
  #fail(failure: Failure): void {
    if (this.#isDone) return
    this.onClientGone()
    if (this.#exchange.response.isStarted) this.#exchange.client.abort()
    else this.#onFailure(failure)
  }
}
