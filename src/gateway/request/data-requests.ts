import { identify } from '../../access/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { answerDataError } from '../respond/data-error.ts'
import { type DataService, forwardToData } from '../upstream/forward-to-data.ts'
import { decisionInput } from './decision-input.ts'
import { factsOf } from './request-facts.ts'
import type { RequestPath, RouteMatch } from './route-match.ts'

/** `database.<domain>` and `drive.<domain>`, by their service. No app and no custom domain has these names. */
export function dataServiceOfHost(hostname: string, domain: string): DataService | null {
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
  if (name === `database.${domain}`) return 'base'
  return name === `drive.${domain}` ? 'drive' : null
}

/**
 * The service of a path of the browser SDK (COMPAT 1.9), as received. Keys of items may hold anything, encoded, so that the
 * path need not be plain: only the data process reads what follows, and only for a session.
 */
export function dataServiceOfPath(path: string): DataService | null {
  if (path.startsWith('/__space/v0/base/v1/')) return 'base'
  return path.startsWith('/__space/v0/drive/v1/') ? 'drive' : null
}

/** The path under which the client runtime calls a data host from a page: its own origin, so that plain http works. */
const KEYED_PATH = '/__space/v0/keyed/'

/** The service, and the target as the data host would have it, of a path below `KEYED_PATH`; null: another path. */
export function keyedDataCall(target: RequestPath): { service: DataService; target: RequestPath } | null {
  for (const service of ['base', 'drive'] as const)
    if (target.path.startsWith(`${KEYED_PATH}${service}/v1/`))
      return { service, target: { ...target, path: target.path.slice(KEYED_PATH.length + service.length) } }
  return null
}

/**
 * The same as on a data host: the key that the page sends decides, and a session adds nothing to it. Only pages of this
 * origin, which have loaded the runtime, use this path.
 */
export function serveKeyedData(
  exchange: Exchange,
  { service, target }: { service: DataService; target: RequestPath },
  context: GatewayContext,
): void {
  const { originHeader, origin } = factsOf(exchange, context)
  const isForeign = originHeader !== null && originHeader !== origin
  if (isForeign || isFromOtherSite(exchange, context)) return answerDataError(exchange, 'unauthorized')
  serveDataHost(exchange, target, service, context)
}

/** A request to a data host, which the data process judges by its data key alone: our cookies are not sent. */
export function serveDataHost(
  exchange: Exchange,
  target: RequestPath,
  service: DataService,
  context: GatewayContext,
): void {
  forwardToData(exchange, { service, target, collectionId: null }, context)
}

/**
 * The data of an app for its own pages: with a session of this very host, and nothing else. A public rule opens no data, nor
 * does an API key or the app's own key; pages of other origins, siblings included, are refused.
 */
export function serveAppData(
  exchange: Exchange,
  target: RequestPath,
  route: RouteMatch,
  service: DataService,
  context: GatewayContext,
): void {
  const principal = identify(decisionInput(exchange, target, route, context))
  if (principal?.kind !== 'user' || isFromOtherSite(exchange, context))
    return answerDataError(exchange, 'unauthorized')
  const { instance, micro, path } = route
  exchange.grant = {
    host: exchange.request.hostname,
    instanceId: instance.id,
    micro: micro.name,
    path,
    method: exchange.request.method,
    principal,
  }
  context.directory.noteUse({ kind: 'session', instanceId: instance.id, id: principal.sessionId })
  forwardToData(exchange, { service, target, collectionId: instance.collectionId }, context)
}

/** Stricter than for pages, which a link of another site may open. */
function isFromOtherSite(exchange: Exchange, context: GatewayContext): boolean {
  const { secFetchSite } = factsOf(exchange, context)
  return secFetchSite !== null && secFetchSite !== 'same-origin' && secFetchSite !== 'none'
}
