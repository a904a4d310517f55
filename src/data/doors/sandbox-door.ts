import { dataError } from '../../data-protocol/index.ts'
import type { Soon } from '../../kernel/soon.ts'
import { serviceOfHost } from '../services.ts'
import { targetOf } from './data-path.ts'
import type { ServeKeyed } from './keyed-calls.ts'

/**
 * Calls of apps to the names of Deta Space that SDKs have compiled in. No header of them is trusted, and a call is admitted
 * by its data key alone: which app it comes from is not known here.
 */
export const createSandboxDoor =
  (serveKeyed: ServeKeyed) =>
  (request: Request): Soon<Response> => {
    const service = serviceOfHost(request.headers.get('host') ?? '')
    return service === null ? notServed() : serveKeyed(request, service, targetOf(request.url))
  }

const notServed = (): Response =>
  dataError(
    501,
    'Deta Space has closed, and this server answers in its place for database.deta.sh and drive.deta.sh only',
  )
