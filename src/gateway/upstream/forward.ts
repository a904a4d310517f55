import {
  chunkOf,
  lastChunk,
  NO_TRAILERS,
  type Address,
  type Connection,
  type Field,
  type ResponseHead,
} from '../../wire/index.ts'
import type { Exchange } from '../client/exchange.ts'
import type { Responder } from '../client/responder.ts'
import type { GatewayContext } from '../context.ts'
import { passingTrailers, writeRequestHead, type ForwardedHead } from '../headers/request-headers.ts'
import { mayUpgrade } from '../headers/upgrade.ts'
import { isUpgradeAccepted } from './accepted-upgrade.ts'
import { FIRST, isReplayable, OVER, RETRY, type Attempt, type Opening } from './attempt.ts'
import type { UpstreamFailure, ResponseFailure } from './failure.ts'
import { openUpstream } from './open-upstream.ts'
import { ResponseRelay, type RelayOptions } from './response-relay.ts'
import type { ResponseListener } from './response-listener.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

export interface ForwardOptions extends RelayOptions {
  /** What is forwarded; its framing may differ from that of the request as received (`withoutBody`). */
  readonly head: ForwardedHead
  /** Longest request body that is passed on; a longer one fails as `too-large`. */
  readonly maxBodyBytes: number
  /** Whether the answer may be a page that says so while the upstream is woken. Asked only then. */
  readonly mayShowWakePage: (exchange: Exchange, context: GatewayContext) => boolean
  /** Nothing has been answered yet, and nothing will come from the upstream: answer with an error page. */
  readonly onFailure: (failure: UpstreamFailure) => void
}

const NOTHING = Buffer.alloc(0)

/**
 * A client that expects 100 may take the final answer for permission not to send the body, and send its next request. If
 * the connection were kept, that request would be read as the body (RFC 9110, 10.1.1).
 */
const expectsContinue = ({ request }: Exchange): boolean => request.fields.some(({ key }) => key === 'expect')

/** Carries one request to an upstream and its response back, as octets arrive. */
export class Forward implements Responder, ResponseListener {
  readonly #options: ForwardOptions
  readonly #exchange: Exchange
  readonly #relay: ResponseRelay
  #attempt: Attempt = FIRST
  /** The client has sent its whole request. */
  #isRequestEnded = false
  #bodyBytes = 0

  constructor(options: ForwardOptions) {
    this.#options = options
    this.#exchange = options.exchange
    this.#relay = new ResponseRelay(options)
  }

  /** Takes an idle connection if there is one; otherwise wakes the upstream if it sleeps, and connects. */
  start(): void {
    const { upstream, context, head } = this.#options
    const { limits, pool } = context
    const maxIdleMs = isReplayable(head.request) ? limits.upstreamIdleMs : limits.upstreamFreshMs
    const idle = upstream.address === null ? null : pool.takeIdle(upstream.address, maxIdleMs)
    if (idle !== null) this.#use(idle, FIRST)
    else this.#open(upstream.address, FIRST)
    this.#exchange.client.respondWith(this)
  }

  #open(address: Address | null, opening: Opening): void {
    this.#attempt = opening
    const { upstream, context, mayShowWakePage } = this.#options
    openUpstream(address, {
      upstream,
      context,
      isWanted: () => this.#attempt === opening,
      mayShowWakePage: () => mayShowWakePage(this.#exchange, context),
    })
      .then((opened) => {
        if (opened.kind === 'open') this.#begin(opened.connection, opening)
        else if (opened.kind === 'failed') this.#fail(opened.failure)
      })
      .catch((error: unknown) => this.#fail({ kind: 'internal', cause: error }))
  }

  /** On a new connection, whatever has arrived of the request is sent now. */
  #begin(connection: UpstreamConnection, opening: Opening): void {
    if (this.#attempt !== opening) return connection.abandon()
    this.#use(connection, opening)
    if (this.#isRequestEnded) this.#finishRequest()
    else this.#exchange.client.advance()
  }

  #use(connection: UpstreamConnection, { isRetry }: Opening): void {
    const { request, isLast } = this.#options.head
    this.#attempt = { kind: 'sending', isRetry, connection, isHeadSent: false, waitsSinceMs: 0 }
    // A server that refuses an upgrade may have stopped reading HTTP all the same: Node's gives the socket away.
    connection.begin(this, request.method, isLast || mayUpgrade(request))
  }

  // The request, towards the upstream.

  get canTakeBody(): boolean {
    const attempt = this.#attempt
    return attempt.kind === 'sending' && !attempt.connection.isBlocked
  }

  onRequestBody(payload: Buffer): void {
    const { head, maxBodyBytes } = this.#options
    this.#bodyBytes += payload.length
    if (this.#bodyBytes > maxBodyBytes) return this.#fail({ kind: 'too-large' })
    this.#write(head.request.framing.kind === 'chunked' ? chunkOf(payload) : payload)
  }

  /** Trailers are passed on to Node alone: others, like Bun's server, may read them as the next request (RFC 9110, 6.5.1). */
  onRequestEnd(trailers: readonly Field[]): void {
    const { upstream, head } = this.#options
    this.#isRequestEnded = true
    if (head.request.framing.kind === 'chunked')
      this.#write(lastChunk(upstream.server === 'node' ? passingTrailers(trailers) : NO_TRAILERS))
    this.#finishRequest()
  }

  #finishRequest(): void {
    this.onRequestFlush()
    if (this.#attempt.kind === 'sending') this.#attempt.connection.endRequest()
  }

  onRequestFlush(): void {
    if (this.#attempt.kind === 'sending' && !this.#attempt.isHeadSent) this.#write(NOTHING)
  }

  #write(bytes: Buffer): void {
    const attempt = this.#attempt
    if (attempt.kind !== 'sending') return
    attempt.waitsSinceMs = 0
    if (attempt.isHeadSent) attempt.connection.write(bytes)
    else {
      attempt.isHeadSent = true
      const out = this.#options.context.out.start()
      writeRequestHead(out, this.#options.head)
      attempt.connection.writeHead(out, bytes)
    }
  }

  onRequestDrain(): void {
    this.#exchange.client.advance()
  }

  // The response, towards the client.

  onInterim(head: ResponseHead): void {
    this.#relay.interim(head)
  }

  onResponseHead(head: ResponseHead): void {
    if (!this.#isRequestEnded && this.#bodyBytes === 0 && expectsContinue(this.#exchange))
      this.#exchange.response.keepAlive = false
    this.#relay.head(head)
  }

  onResponseBody(bytes: Buffer, from: number): void {
    const isTaken = this.#relay.body(bytes, from)
    if (!isTaken && this.#attempt.kind === 'sending') this.#attempt.connection.pause()
  }

  onResponseEnd(trailers: readonly Field[]): void {
    this.#attempt = OVER
    if (this.#relay.end(trailers)) this.#exchange.client.endResponse()
    else this.#exchange.client.abort()
  }

  onResponseFlush(): void {
    if (this.#attempt.kind !== 'over') this.#exchange.response.flush()
  }

  onClientDrain(): void {
    if (this.#attempt.kind === 'sending') this.#attempt.connection.resume()
  }

  /** A 101 is believed only if this very upgrade was asked for. */
  onUpgrade(head: ResponseHead, upstream: Connection, first: Buffer): void {
    const { request, client, grant } = this.#exchange
    this.#attempt = OVER
    if (!isUpgradeAccepted(request, head)) {
      upstream.destroy()
      return this.#options.onFailure({ kind: 'malformed', reason: 'unasked 101' })
    }
    this.#relay.upgrade(head)
    client.connection.write(first)
    upstream.write(client.release())
    this.#options.context.openTunnel(client.connection, upstream, grant)
  }

  /** An upstream may close an idle connection at the very moment that we begin to use it: that is tried once more. */
  onResponseFailure(failure: ResponseFailure): void {
    const attempt = this.#attempt
    if (attempt.kind !== 'sending') return
    const { head, upstream } = this.#options
    const isStale = failure.kind === 'hung-up' && failure.isSilent && attempt.connection.isReused
    if (isStale && !attempt.isRetry && isReplayable(head.request)) return this.#open(upstream.address, RETRY)
    this.#attempt = OVER
    this.#answerFailure(failure)
  }

  onTick(nowMs: number): void {
    const attempt = this.#attempt
    const { upstream, context } = this.#options
    if (attempt.kind !== 'sending' || this.#exchange.response.isStarted) return
    if (upstream.isHung?.()) return this.#fail({ kind: 'timeout' })
    if (!this.#isRequestEnded && this.canTakeBody) return
    if (attempt.waitsSinceMs === 0) attempt.waitsSinceMs = nowMs
    else if (nowMs - attempt.waitsSinceMs > context.limits.firstByteMs) this.#fail({ kind: 'timeout' })
  }

  onClientGone(): void {
    const attempt = this.#attempt
    this.#attempt = OVER
    if (attempt.kind === 'sending') attempt.connection.abandon()
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#attempt.kind === 'over') return
    this.onClientGone()
    this.#answerFailure(failure)
  }

  /** By an error page if nothing has been sent; otherwise the client is cut, so that it sees that its answer is incomplete. */
  #answerFailure(failure: UpstreamFailure): void {
    if (this.#exchange.response.isStarted) this.#exchange.client.abort()
    else this.#options.onFailure(failure)
  }
}
