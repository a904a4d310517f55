import type { Exchange, Responder } from './exchange.ts'

/**
 * Ends an answer that is written. The next request of the connection has to wait until the client has taken this one:
 * a client that asks on and on without reading would fill our memory with answers.
 */
export function endWhenTaken({ response, client }: Exchange): void {
  if (response.keepAlive && client.connection.isBlocked)
    client.respondWith({ ...WAITING, onClientDrain: () => client.endResponse() })
  else client.endResponse()
}

/** Where all is written, and nothing is left to do but to wait. */
const WAITING: Omit<Responder, 'onClientDrain'> = {
  canTakeBody: false,
  onRequestBody() {},
  onRequestEnd() {},
  onRequestFlush() {},
  onTick() {},
  onClientGone() {},
}
