import type { Connection } from '../../wire/index.ts'
import type { ClientEvents, RefusedMessage } from './client-events.ts'
import type { Exchange } from './exchange.ts'
import type { OverlongHead } from './overlong-head.ts'
import { ResponseWriter } from './response-writer.ts'

type Sender = Pick<ClientEvents, 'out' | 'newRequestId'>

/** A head that cannot be read as a request. `unread`: what has arrived of it. */
export function refusedHead(
  connection: Connection,
  { out, newRequestId }: Sender,
  unread: Buffer,
  overlong: OverlongHead | null,
): RefusedMessage {
  const request = { method: 'GET', minorVersion: 1, keepAlive: false } as const
  return {
    response: new ResponseWriter(connection, request, out),
    requestId: newRequestId(),
    octets: overlong?.octets ?? unread,
    cookieNames: overlong?.cookieNames ?? [],
  }
}

/** A request whose body cannot be read to its end. */
export function refusedBody(
  connection: Connection,
  { out }: Sender,
  { request, id }: Exchange,
): RefusedMessage {
  return {
    response: new ResponseWriter(connection, { ...request, keepAlive: false }, out),
    requestId: id,
    octets: request.octets,
    cookieNames: [],
  }
}
