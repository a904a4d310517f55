import { badName, noSuchCall } from '../answers.ts'
import type { CallServer } from '../calls/call-server.ts'
import { type Soon, after } from '../../kernel/soon.ts'
import type { ServiceName } from '../services.ts'
import { answerPreflight, readableByPages } from './cors.ts'
import { readDataPath } from './data-path.ts'
import type { ServeKeyed } from './keyed-calls.ts'
import { withLength } from './with-length.ts'

/**
 * Calls that gateways forward, on a socket that nothing else can reach. Their headers are the gateway's word:
 * `X-Space-Gateway-Service`, `-Target` (as received), and, for a call with a session, `-Collection`.
 */
export function createGatewayDoor(calls: CallServer, serveKeyed: ServeKeyed) {
  return (request: Request): Soon<Response> => {
    const { headers } = request
    const service = headers.get('x-space-gateway-service') as ServiceName | null
    const target = headers.get('x-space-gateway-target')
    if (service === null || target === null) return noSuchCall()
    const collectionId = headers.get('x-space-gateway-collection')
    if (collectionId !== null)
      return after(serveSession(calls, request, service, target, collectionId), withLength)
    if (request.method === 'OPTIONS') return answerPreflight(request)
    return after(serveKeyed(request, service, target), keyedAnswer)
  }
}

const keyedAnswer = (response: Response): Response => withLength(readableByPages(response))

/** The gateway has judged the session; the collection that the path names is ignored (COMPAT 1.9). */
function serveSession(
  calls: CallServer,
  request: Request,
  service: ServiceName,
  target: string,
  collectionId: string,
): Soon<Response> {
  const to = readDataPath(target, `/__space/v0/${service}/v1/`)
  if (to === null) return noSuchCall()
  const { name, path, query } = to
  if (name === null) return badName()
  return calls.serve(request, { service, collectionId, name, path, query, key: null })
}
