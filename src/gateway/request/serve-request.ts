import { canonicalPath, decide, identify, isReservedPath, type Principal } from '../../access/index.ts'
import { answerInternal, answerProblem, localRequest } from '../respond/answer.ts'
import { answerLocally } from '../respond/local-responder.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { forwardToMicro } from '../upstream/forward-to-micro.ts'
import { serveRuntime } from '../runtime/serve-runtime.ts'
import { forwardToPlatform, serveHome } from '../upstream/forward-to-platform.ts'
import {
  dataServiceOfHost,
  dataServiceOfPath,
  keyedDataCall,
  serveAppData,
  serveDataHost,
  serveKeyedData,
} from './data-requests.ts'
import { decisionInput } from './decision-input.ts'
import { noteRefusal } from './note-refusal.ts'
import { answerPreflight } from './preflight.ts'
import { refuse } from './refuse.ts'
import { refuseMalformed } from './refuse-malformed.ts'
import type { RequestPath, RouteMatch } from './route-match.ts'

/**
 * The steps of a request (ARCHITECTURE, a request), from its parsed head to what answers it. Their order ensures that
 * no request is forwarded without a decision, and that what is forwarded is what was judged.
 */
export function serveRequest(
  exchange: Exchange,
  context: GatewayContext,
  patienceMs: number = context.limits.directoryPatienceMs,
): void {
  try {
    const target = readTarget(exchange, context)
    if (target === null) return
    if (context.settings.homeHosts.includes(exchange.request.hostname))
      return serveHome(exchange, target, context)
    const service = dataServiceOfHost(exchange.request.hostname, context.settings.domain)
    if (service !== null) return serveDataHost(exchange, target, service, context)
    const route = locate(exchange, target, context, patienceMs)
    if (route === null) return
    if (isReservedPath(target.path)) return serveReserved(exchange, target, route, context)
    const principal = judge(exchange, target, route, context)
    if (principal === null) return
    forwardToMicro(exchange, target, route, principal, context)
  } catch (error) {
    // Nothing has been forwarded when a step throws.
    answerInternal(exchange, context, error)
  }
}

/** Methods that make a server echo what only the gateway and the app should see. */
const ECHO_METHODS = new Set(['TRACE', 'TRACK'])

function readTarget(exchange: Exchange, context: GatewayContext): RequestPath | null {
  const { request } = exchange
  if (ECHO_METHODS.has(request.method)) {
    answerProblem(exchange, { kind: 'method-not-allowed', allow: [] })
    return null
  }
  if (request.target === '*') {
    answerLocally(exchange, { status: 204, headers: [], body: { kind: 'none' } })
    return null
  }
  const target = canonicalPath(request.target)
  if (target.kind === 'path') return target
  refuseMalformed(exchange, target.why, context)
  return null
}

function locate(
  exchange: Exchange,
  target: RequestPath,
  context: GatewayContext,
  patienceMs: number,
): RouteMatch | null {
  const location = context.directory.locate(exchange.request.host, target.path)
  switch (location.kind) {
    case 'micro':
      return location
    case 'unknown-host':
      answerProblem(exchange, { kind: 'no-such-app' })
      return null
    case 'not-current':
      if (patienceMs > 0) serveWhenCurrent(exchange, context, patienceMs)
      else answerProblem(exchange, { kind: 'unavailable' })
      return null
  }
}

/** While the platform restarts, a short wait is better than an error. The request is then judged from the start. */
function serveWhenCurrent(exchange: Exchange, context: GatewayContext, patienceMs: number): void {
  context.directory
    .whenCurrent(patienceMs)
    .then(() => {
      if (exchange.client.isServing(exchange.request)) serveRequest(exchange, context, 0)
    })
    .catch((error: unknown) => answerInternal(exchange, context, error))
}

/** `/__space/*` of an app's host belongs to the platform, which decides by itself from the principal that we name. */
function serveReserved(
  exchange: Exchange,
  target: RequestPath,
  route: RouteMatch,
  context: GatewayContext,
): void {
  const service = dataServiceOfPath(target.path)
  if (service !== null) return serveAppData(exchange, target, route, service, context)
  const keyed = keyedDataCall(target)
  if (keyed !== null) return serveKeyedData(exchange, keyed, context)
  const script = serveRuntime(localRequest(exchange, target.path, target.query))
  if (script !== null) return answerLocally(exchange, script)
  if (!target.isPlain) {
    noteRefusal(exchange, target, route, 'reserved', context)
    return answerProblem(exchange, { kind: 'bad-request', detail: 'The path is ambiguous.' })
  }
  const principal = identify(decisionInput(exchange, target, route, context))
  forwardToPlatform(exchange, route.instance.id, principal, context)
}

function judge(
  exchange: Exchange,
  target: RequestPath,
  route: RouteMatch,
  context: GatewayContext,
): Principal | null {
  // Also below a mount: scheduled actions of a micro are never started from outside (COMPAT 1.10).
  if (isReservedPath(route.path)) {
    noteRefusal(exchange, target, route, 'reserved', context)
    answerProblem(exchange, { kind: 'no-such-page' })
    return null
  }
  const decision = decide(decisionInput(exchange, target, route, context))
  if (decision.kind === 'pass') {
    const { principal } = decision
    if (principal.kind === 'key') exchange.readableBy = principal.origin ?? null
    return isWithinRate(exchange, principal, context) ? principal : null
  }
  if (decision.reason === 'no-credential' && answerPreflight(exchange, route, context)) return null
  // Redirects to sign in are not remembered: they are usual, and most come from crawlers.
  if (decision.answer !== 'sign-in' || decision.reason !== 'no-credential')
    noteRefusal(exchange, target, route, decision.reason, context)
  refuse(exchange, decision, context)
  return null
}

function isWithinRate(exchange: Exchange, principal: Principal, { keyRates }: GatewayContext): boolean {
  if (principal.kind !== 'key' || principal.perMinute == null) return true
  const waitMs = keyRates.take(principal.id, principal.perMinute, Date.now())
  if (waitMs === 0) return true
  answerProblem(exchange, { kind: 'key-rate', retryAfterSeconds: waitMs / 1_000 })
  return false
}
