import type { Refusal } from '../../directory/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { headerValue } from './request-facts.ts'
import type { RequestPath, RouteMatch } from './route-match.ts'

/**
 * Remembers a refusal under the request id that its answer shows, without the query and without the value of a
 * credential.
 */
export function noteRefusal(
  exchange: Exchange,
  { path }: Pick<RequestPath, 'path'>,
  { instance }: RouteMatch,
  reason: Refusal['reason'],
  { directory, settings }: GatewayContext,
): void {
  const { request, id } = exchange
  directory.noteRefusal({
    id,
    atMs: Date.now(),
    instanceId: instance.id,
    method: request.method,
    origin: `${settings.scheme}://${request.host}`,
    path,
    reason,
    credential: credentialOf(reason, exchange),
  })
}

/** The kind of credential that was refused. */
function credentialOf(reason: Refusal['reason'], { request }: Exchange): Refusal['credential'] {
  switch (reason) {
    case 'key-repeated':
    case 'key-unknown':
    case 'key-expired':
    case 'key-not-enabled':
    case 'key-micro':
    case 'key-method':
    case 'key-path':
    case 'key-origin':
      return 'key'
    case 'session-unknown':
    case 'session-expired':
    case 'session-ambiguous':
    case 'wrong-user':
    case 'cross-site':
      return 'session'
    case 'no-credential':
      return headerValue(request, 'x-api-key') === null ? 'none' : 'app'
    case 'reserved':
    case 'malformed':
    case 'error':
      return 'none'
  }
}
