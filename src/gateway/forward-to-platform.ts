import { isNavigation, type Principal } from '../access/index.ts'
import { answerInternal, answerProblem, answerRedirect } from './answer.ts'
import type { GatewayContext } from './context.ts'
import type { Exchange } from './exchange.ts'
import type { Failure } from './failure.ts'
import { Forward } from './forward.ts'
import { readFacts } from './request-facts.ts'
import { requestHeadFor } from './request-headers.ts'
import type { Target } from './serve-request.ts'

/** Home and its API. A browser that came by another name of ours is sent to the proper one, where its cookie is. */
export function serveHome(exchange: Exchange, target: Target, context: GatewayContext): void {
  const { settings, cookieNames } = context
  const { request } = exchange
  if (request.hostname !== settings.domain && request.method === 'GET') {
    const facts = readFacts(request, settings.scheme, cookieNames.session)
    if (facts.secFetchMode === 'navigate' && isNavigation(facts))
      return answerRedirect(exchange, settings.homeOrigin + target.path + target.query)
  }
  forwardToPlatform(exchange, null, null, context)
}

/** Hands a request to the platform over its socket, with what the gateway knows about it. */
export function forwardToPlatform(
  exchange: Exchange,
  instanceId: string | null,
  principal: Principal | null,
  context: GatewayContext,
): void {
  const { request } = exchange
  const head = requestHeadFor(
    request,
    request.target,
    { kind: 'platform', instanceId, principal },
    {
      clientAddress: exchange.client.address,
      scheme: context.settings.scheme,
      requestId: exchange.id,
    },
  )
  const address = { kind: 'unix', path: context.platformSocket } as const
  new Forward({
    exchange,
    head,
    upstream: { source: 'platform', address, wake: null },
    context,
    onFailure: (failure) => answerFailure(exchange, failure, context),
  }).start()
}

function answerFailure(exchange: Exchange, failure: Failure, context: GatewayContext): void {
  if (failure.kind === 'internal') return answerInternal(exchange, context, failure.cause)
  context.log.warn('platform does not answer', { request: exchange.id, reason: failure.kind })
  answerProblem(exchange, { kind: 'unavailable' })
}
