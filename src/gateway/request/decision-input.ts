import type { DecisionInput } from '../../access/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { factsOf } from './request-facts.ts'
import type { RequestPath, RouteMatch } from './route-match.ts'

export function decisionInput(
  exchange: Exchange,
  target: RequestPath,
  route: RouteMatch,
  context: GatewayContext,
): DecisionInput & { readonly target: RequestPath; readonly route: RouteMatch } {
  return {
    request: factsOf(exchange, context),
    target,
    route,
    credentials: context.directory,
    nowMs: Date.now(),
  }
}
