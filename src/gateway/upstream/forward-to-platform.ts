import { isNavigation, type Principal } from '../../access/index.ts'
import { answerInternal, answerProblem, answerRedirect } from '../respond/answer.ts'
import { BODY_IN_HEADER_BYTES, BodyInHeader, hasDroppedBody, withoutBody } from '../headers/body-in-header.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import type { UpstreamFailure } from './failure.ts'
import { Forward } from './forward.ts'
import { factsOf } from '../request/request-facts.ts'
import { forwardedValues } from '../headers/forwarded.ts'
import type { ForwardedHead } from '../headers/request-headers.ts'
import type { RequestPath } from '../request/route-match.ts'

/** Home and its API. A browser that uses another name of Home is redirected to the main one, where its cookie is. */
export function serveHome(exchange: Exchange, target: RequestPath, context: GatewayContext): void {
  const { settings } = context
  const { request } = exchange
  if (request.hostname !== settings.domain && request.method === 'GET') {
    const facts = factsOf(exchange, context)
    if (facts.secFetchMode === 'navigate' && isNavigation(facts))
      return answerRedirect(exchange, settings.homeOrigin + target.path + target.query)
  }
  forwardToPlatform(exchange, null, null, context)
}

/** Forwards a request to the platform over its socket, with what the gateway knows about it. */
export function forwardToPlatform(
  exchange: Exchange,
  instanceId: string | null,
  principal: Principal | null,
  context: GatewayContext,
): void {
  const { request, client } = exchange
  const forwarded = forwardedValues(exchange, context)
  const audience = { kind: 'platform', instanceId, principal, body: null } as const
  const { target } = request
  const common = { target, forwarded, headerCache: null, isLast: false }
  if (!hasDroppedBody(exchange)) return forward(exchange, { ...common, request, audience }, context)
  const collector = new BodyInHeader((body) => {
    if (body === 'too-large')
      return answerProblem(exchange, { kind: 'too-large', what: 'body', limitBytes: BODY_IN_HEADER_BYTES })
    const head = { ...common, request: withoutBody(request), audience: { ...audience, body } }
    forward(exchange, head, context)
  })
  client.respondWith(collector)
}

function forward(exchange: Exchange, head: ForwardedHead, context: GatewayContext): void {
  if (context.platform.isHung?.()) return answerFailure(exchange, { kind: 'timeout' }, context)
  new Forward({
    exchange,
    head,
    upstream: context.platform,
    context,
    // Each call of the platform has its own bound.
    maxBodyBytes: Number.POSITIVE_INFINITY,
    mayShowWakePage: () => false,
    onWideCookie() {},
    pageChange: 'none',
    onFailure: (failure) => answerFailure(exchange, failure, context),
  }).start()
}

function answerFailure(exchange: Exchange, failure: UpstreamFailure, context: GatewayContext): void {
  if (failure.kind === 'internal') return answerInternal(exchange, context, failure.cause)
  context.log.warn('platform does not answer', { request: exchange.id, reason: failure.kind })
  answerProblem(exchange, { kind: 'unavailable' })
}
