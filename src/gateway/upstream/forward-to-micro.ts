import { isNavigation, type Principal } from '../../access/index.ts'
import { answerFailure, answerTooLarge } from './answer-failure.ts'
import { localRequest } from '../respond/answer.ts'
import { describeWideCookie } from '../headers/cookies.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { Forward } from './forward.ts'
import { answerLocally } from '../respond/local-responder.ts'
import { pageChangeOf } from '../respond/private-page.ts'
import { privateAnswer } from '../respond/private-headers.ts'
import { forwardedValues } from '../headers/forwarded.ts'
import { RUNTIME_TAG } from '../runtime/index.ts'
import { factsOf } from '../request/request-facts.ts'
import type { RequestPath, RouteMatch } from '../request/route-match.ts'
import { serveStatic } from '../static/index.ts'

/** Serves an admitted request: counts the use, and passes the request to the micro's files or process. */
export function forwardToMicro(
  exchange: Exchange,
  target: RequestPath,
  route: RouteMatch,
  principal: Principal,
  context: GatewayContext,
): void {
  const { instance, micro, path } = route
  const { framing } = exchange.request
  if (framing.kind === 'length' && framing.length > context.limits.requestBodyBytes)
    return answerTooLarge(exchange, context)
  noteUse(principal, route, context)
  exchange.grant = {
    host: exchange.request.hostname,
    instanceId: instance.id,
    micro: micro.name,
    path,
    method: exchange.request.method,
    principal,
  }
  const pageChange = pageChangeOf(exchange, target, route, context)
  if (micro.upstream.kind === 'static') {
    const { root, spaFallback } = micro.upstream
    const request = localRequest(exchange, path, target.query)
    const answer = serveStatic(request, {
      root,
      spaFallback,
      browserPath: target.path,
      requestId: exchange.id,
      cache: context.files,
      insertedTag: pageChange === 'runtime' ? RUNTIME_TAG : null,
      log: context.log,
    })
    const isPublic = principal.kind === 'anonymous'
    return answerLocally(exchange, isPublic ? answer : privateAnswer(answer))
  }
  const upstream = context.upstreams.of(instance.id, micro.name, micro.upstream)
  const isReadable = pageChange !== 'none'
  const head = {
    request: exchange.request,
    target: path + target.query,
    audience: {
      kind: 'micro',
      principal,
      identity: () => identityOf(exchange, route, principal, context),
      isReadable,
    },
    forwarded: forwardedValues(exchange, context),
    headerCache: isReadable ? null : exchange.headerCache,
    isLast: upstream.server === null && mustCloseUpstream(exchange, principal),
  } as const
  new Forward({
    exchange,
    head,
    upstream,
    context,
    maxBodyBytes: context.limits.requestBodyBytes,
    mayShowWakePage,
    pageChange,
    onWideCookie: (setCookie) => noteWideCookie(setCookie, route, context),
    onFailure: (failure) => answerFailure({ exchange, route, failure, context }),
  }).start()
}

/** A page that refreshes itself may be the answer only to a request that can be repeated. */
function mayShowWakePage(exchange: Exchange, context: GatewayContext): boolean {
  const { method, framing } = exchange.request
  const isRepeatable = /^(GET|HEAD)$/.test(method) && framing.kind === 'none'
  return isRepeatable && isNavigation(factsOf(exchange, context))
}

/**
 * A server that answers before reading the body may parse the rest of it as the next request on this connection: a
 * request that was not judged, whose answer goes to the next client (request smuggling). Others send a body behind the
 * answer to HEAD, which is then read as the answer to the next request. For anonymous and key requests the upstream
 * connection is therefore closed.
 */
const mustCloseUpstream = ({ request }: Exchange, { kind }: Principal): boolean =>
  (request.framing.kind !== 'none' || request.method === 'HEAD') && (kind === 'anonymous' || kind === 'key')

function identityOf(
  { request }: Exchange,
  { instance, micro, path }: RouteMatch,
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

function noteUse(principal: Principal, { instance, micro }: RouteMatch, { directory }: GatewayContext): void {
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

/** Tells the app's developer, in the app's log, why the cookie is never sent back. */
function noteWideCookie(
  setCookie: string,
  { instance, micro }: RouteMatch,
  { directory }: GatewayContext,
): void {
  const { cookie, domain } = describeWideCookie(setCookie)
  directory.noteForLog({ kind: 'wide-cookie', instanceId: instance.id, micro: micro.name, cookie, domain })
}
