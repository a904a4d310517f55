import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { hasDroppedBody } from '../headers/body-in-header.ts'
import { forwardedValues } from '../headers/forwarded.ts'
import { answerInternal } from '../respond/answer.ts'
import { answerDataError } from '../respond/data-error.ts'
import type { UpstreamFailure } from './failure.ts'
import { Forward } from './forward.ts'
import type { RequestPath } from '../request/route-match.ts'

export type DataService = 'base' | 'drive'

export interface DataRequest {
  readonly service: DataService
  readonly target: RequestPath
  /** What a session opens; null: the data process judges the key of the request. */
  readonly collectionId: string | null
}

/** Forwards a request to the process that opens collections, with what the gateway has decided. */
export function forwardToData(
  exchange: Exchange,
  { service, target, collectionId }: DataRequest,
  context: GatewayContext,
): void {
  if (context.data === null) return answerDataError(exchange, 'unavailable')
  if (hasDroppedBody(exchange)) return answerDataError(exchange, 'body-of-get')
  const { request } = exchange
  const maxBodyBytes = context.limits.requestBodyBytes
  if (request.framing.kind === 'length' && request.framing.length > maxBodyBytes)
    return answerDataError(exchange, 'too-large')
  new Forward({
    exchange,
    head: {
      request,
      // Bun would resolve it, and `..` may be the key of an item: the audience has the target as received.
      target: '/',
      audience: { kind: 'data', service, collectionId, target: visible(target.path + target.query) },
      forwarded: forwardedValues(exchange, context),
      headerCache: null,
      isLast: false,
    },
    upstream: context.data,
    context,
    maxBodyBytes,
    mayShowWakePage: () => false,
    onWideCookie() {},
    pageChange: 'none',
    onFailure: (failure) => answerFailure(exchange, failure, context),
  }).start()
}

function answerFailure(exchange: Exchange, failure: UpstreamFailure, context: GatewayContext): void {
  if (failure.kind === 'internal') return answerInternal(exchange, context, failure.cause)
  if (failure.kind === 'too-large') return answerDataError(exchange, 'too-large')
  context.log.warn('the data process does not answer', { request: exchange.id, reason: failure.kind })
  answerDataError(exchange, 'unavailable')
}

/** Octets beyond ASCII, percent-encoded: they mean the same, and a header carries them unchanged. */
const visible = (target: string): string =>
  target.replace(/[^\x21-\x7e]/g, (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, '0')}`)
