import { isNavigation, type Principal } from '../access/index.ts'
import { answerInternal, answerProblem, localRequest } from './answer.ts'
import type { GatewayContext } from './context.ts'
import type { Exchange } from './exchange.ts'
import type { Failure } from './failure.ts'
import { Forward } from './forward.ts'
import { answerLocally } from './local-responder.ts'
import { provenanceOf } from './provenance.ts'
import { readFacts } from './request-facts.ts'
import type { Place, Target } from './serve-request.ts'
import { serveStatic } from './static/index.ts'

/** The page waits again for the app each time, so this only adds to it. */
const WAKE_REFRESH_SECONDS = 1

/** The request was let in: counts the use, and hands it to the micro's files or process. */
export function forwardToMicro(
  exchange: Exchange,
  target: Target,
  place: Place,
  principal: Principal,
  context: GatewayContext,
): void {
  const { instance, micro, path } = place
  noteUse(principal, place, context)
  exchange.grant = {
    instanceId: instance.id,
    micro: micro.name,
    path,
    method: exchange.request.method,
    principal,
  }
  if (micro.upstream.kind === 'static') {
    const { root, spaFallback } = micro.upstream
    const request = localRequest(exchange, path, target.query)
    return answerLocally(
      exchange,
      serveStatic(request, {
        root,
        spaFallback,
        browserPath: target.path,
        requestId: exchange.id,
        cache: context.files,
        log: context.log,
      }),
    )
  }
  const head = {
    request: exchange.request,
    target: path + target.query,
    audience: { kind: 'micro', principal, identity: identityOf(exchange, place, principal, context) },
    provenance: provenanceOf(exchange, context),
  } as const
  const upstream = context.upstreams.of(instance.id, micro.name, micro.upstream)
  new Forward({
    exchange,
    head,
    upstream,
    context,
    isForEyes,
    onFailure: (failure) => answerFailure(exchange, place, principal, failure, context),
  }).start()
}

/** A page that refreshes itself may stand in only for what can be asked for again. */
function isForEyes({ request }: Exchange, { settings, cookieNames }: GatewayContext): boolean {
  const isRepeatable = /^(GET|HEAD)$/.test(request.method) && request.framing.kind === 'none'
  return isRepeatable && isNavigation(readFacts(request, settings.scheme, cookieNames.session))
}

function identityOf(
  { request }: Exchange,
  { instance, micro, path }: Place,
  principal: Principal,
  { identities, directory }: GatewayContext,
): string | null {
  return identities.sign(directory.identitySecret, {
    instanceId: instance.id,
    micro: micro.name,
    principal,
    method: request.method,
    path,
    nowMs: Date.now(),
  })
}

function noteUse(principal: Principal, { instance, micro }: Place, { directory }: GatewayContext): void {
  const instanceId = instance.id
  switch (principal.kind) {
    case 'anonymous':
      return directory.noteUse({ kind: 'rule', instanceId, id: `${micro.name} ${principal.rule.pattern}` })
    case 'key':
      return directory.noteUse({ kind: 'key', instanceId, id: principal.id })
    case 'user':
      return directory.noteUse({ kind: 'session', instanceId, id: principal.sessionId })
    case 'app':
  }
}

/** Tells whose fault it is. Only the owner of a development instance sees what the app said (COMPAT 4.2). */
function answerFailure(
  exchange: Exchange,
  { instance, micro }: Place,
  principal: Principal,
  failure: Failure,
  context: GatewayContext,
): void {
  const { appName, isDevelopment } = instance
  const fields = { request: exchange.id, instance: instance.id, micro: micro.name }
  switch (failure.kind) {
    case 'not-woken': {
      const { reason, message, logTail } = failure.result
      context.log.info('micro did not start', { ...fields, reason })
      if (reason === 'unavailable') return answerProblem(exchange, { kind: 'unavailable' })
      const audience =
        isDevelopment && principal.kind === 'user'
          ? ({ kind: 'owner', message, logTail } as const)
          : ({ kind: 'visitor' } as const)
      return answerProblem(exchange, { kind: 'app-failed', appName, reason, audience })
    }
    case 'waking':
      return answerProblem(exchange, { kind: 'starting', appName, retryAfterSeconds: WAKE_REFRESH_SECONDS })
    case 'unreachable':
      context.log.info('micro is unreachable', { ...fields, code: failure.code })
      return answerProblem(exchange, { kind: 'upstream-unreachable', appName })
    case 'bad-response':
      context.log.info('micro broke off', { ...fields, reason: failure.reason })
      return answerProblem(exchange, { kind: 'upstream-broke', appName })
    case 'timeout': {
      const afterSeconds = Math.round(context.limits.firstByteMs / 1000)
      return answerProblem(exchange, { kind: 'upstream-timeout', appName, afterSeconds })
    }
    case 'internal':
      return answerInternal(exchange, context, failure.cause)
  }
}
