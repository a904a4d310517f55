import { identify } from '../../access/index.ts'
import type { MicroCrash } from '../../directory/index.ts'
import { answerInternal, answerProblem } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import type { UpstreamFailure } from './failure.ts'
import type { Audience } from '../pages/index.ts'
import { factsOf } from '../request/request-facts.ts'
import type { RouteMatch } from '../request/route-match.ts'

/** Each refresh waits for the app as well, so the total wait is longer. */
const WAKE_REFRESH_SECONDS = 1

export interface FailedRequest {
  readonly exchange: Exchange
  readonly route: RouteMatch
  readonly failure: UpstreamFailure
  readonly context: GatewayContext
}

/** Answers a request whose micro did not, and says whose fault it is. */
export function answerFailure(failed: FailedRequest): void {
  const { exchange, route, failure, context } = failed
  const { instance, micro } = route
  const { appName } = instance
  const fields = { request: exchange.id, instance: instance.id, micro: micro.name }
  switch (failure.kind) {
    case 'not-woken': {
      const { reason, message, logTail } = failure.result
      context.log.info('micro did not start', { ...fields, reason })
      if (reason === 'unavailable') return answerProblem(exchange, { kind: 'unavailable' })
      const audience: Audience = isForOwner(failed)
        ? { kind: 'owner', message, logTail }
        : { kind: 'visitor' }
      return answerProblem(exchange, { kind: 'app-failed', appName, reason, audience })
    }
    case 'waking':
      return answerProblem(exchange, { kind: 'starting', appName, retryAfterSeconds: WAKE_REFRESH_SECONDS })
    case 'unreachable':
      context.log.info('micro is unreachable', { ...fields, code: failure.code })
      return answerBroken(failed, 'upstream-unreachable')
    case 'hung-up':
      context.log.info('micro closed the connection', { ...fields, began: !failure.isSilent })
      return answerBroken(failed, 'upstream-broke')
    case 'malformed': {
      context.log.info('micro sent an invalid response', { ...fields, reason: failure.reason })
      const reason = isForOwner(failed) ? failure.reason : null
      return answerProblem(exchange, { kind: 'upstream-malformed', appName, reason })
    }
    case 'too-large':
      return answerTooLarge(exchange, context)
    case 'timeout': {
      const afterSeconds = Math.round(context.limits.firstByteMs / 1000)
      return answerProblem(exchange, { kind: 'upstream-timeout', appName, afterSeconds })
    }
    case 'internal':
      return answerInternal(exchange, context, failure.cause)
  }
}

/** The request body is longer than the bound for micros. */
export const answerTooLarge = (exchange: Exchange, { limits }: GatewayContext): void =>
  answerProblem(exchange, { kind: 'too-large', what: 'body', limitBytes: limits.requestBodyBytes })

/** A visitor is shown that the app broke the connection or is unreachable; its owner also the reason, if it crashed. */
function answerBroken(failed: FailedRequest, kind: 'upstream-broke' | 'upstream-unreachable'): void {
  const { exchange, route, context } = failed
  const { id, appName } = route.instance
  const answer = (crash: MicroCrash | null): void => {
    // The client has gone in the meantime.
    if (!exchange.client.isServing(exchange.request)) return
    if (crash === null) return answerProblem(exchange, { kind, appName })
    answerProblem(exchange, {
      kind: 'app-failed',
      appName,
      reason: 'crashed',
      audience: { kind: 'owner', ...crash },
    })
  }
  if (!isForOwner(failed)) return answer(null)
  context.directory
    .askCrash(id, route.micro.name)
    .then(answer)
    .catch((error: unknown) => answerInternal(exchange, context, error))
}

/**
 * Only the owner of a development instance is shown the app's output (COMPAT 4.2): identified by session, even if a
 * public rule has admitted the request without one.
 */
function isForOwner({ exchange, route, context }: FailedRequest): boolean {
  const request = factsOf(exchange, context)
  const principal = identify({ request, route, credentials: context.directory, nowMs: Date.now() })
  return route.instance.isDevelopment && principal?.kind === 'user'
}
