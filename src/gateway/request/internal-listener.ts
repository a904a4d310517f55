import { canonicalPath, isReservedPath } from '../../access/index.ts'
import { answerProblem } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { serveRequest } from './serve-request.ts'

/**
 * Answers a request that came by the door inside: a micro's, which calls an app by its public name (COMPAT 1.8). To
 * the outside it would look like whoever sits at this machine. It finds the hosts of apps, judged as ever; nothing of
 * the platform's is there, by any name: no log-in to try passwords on, no set-up, no hand-off.
 */
export function serveInternal(exchange: Exchange, context: GatewayContext): void {
  if (isForPlatform(exchange, context)) answerProblem(exchange, { kind: 'no-such-app' })
  else serveRequest(exchange, context)
}

function isForPlatform({ request }: Exchange, { settings }: GatewayContext): boolean {
  if (settings.homeHosts.includes(request.hostname)) return true
  const target = canonicalPath(request.target)
  return target.kind === 'path' && isReservedPath(target.path)
}

/** As there is no proxy on the way, whose word could be taken, though it may have the same address elsewhere. */
export const internalContext = (context: GatewayContext): GatewayContext => ({
  ...context,
  isTrustedProxy: () => false,
})
