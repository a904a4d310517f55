import { canonicalPath, isReservedPath } from '../../access/index.ts'
import { answerProblem } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import { dataServiceOfHost } from './data-requests.ts'
import type { Exchange } from '../client/exchange.ts'
import { serveRequest } from './serve-request.ts'

/**
 * Answers a request by the internal listener: a micro calls an app by its public name (COMPAT 1.8). At the public
 * listener it would look like a user of this machine. Only hosts of apps are served here, with the usual decision;
 * nothing of the platform is, under any name: no log-in to try passwords on, no set-up, no hand-off.
 */
export function serveInternal(exchange: Exchange, context: GatewayContext): void {
  if (isForPlatform(exchange, context)) answerProblem(exchange, { kind: 'no-such-app' })
  else serveRequest(exchange, context)
}

function isForPlatform({ request }: Exchange, { settings }: GatewayContext): boolean {
  if (settings.homeHosts.includes(request.hostname)) return true
  // Apps reach their data in their sandbox.
  if (dataServiceOfHost(request.hostname, settings.domain) !== null) return true
  const target = canonicalPath(request.target)
  return target.kind === 'path' && isReservedPath(target.path)
}

/**
 * The context of the internal listener: no proxy is trusted, because none is on the way, even if a trusted proxy has
 * the same address elsewhere.
 */
export const internalContext = (context: GatewayContext): GatewayContext => ({
  ...context,
  isTrustedProxy: () => false,
})
