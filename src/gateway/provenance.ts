import type { GatewayContext } from './context.ts'
import type { Exchange } from './exchange.ts'

/** What we say about a request, in place of whatever the client said. */
export interface Provenance {
  readonly clientAddress: string
  readonly scheme: 'http' | 'https'
  readonly requestId: string
}

export const provenanceOf = ({ client, id }: Exchange, { settings }: GatewayContext): Provenance => ({
  clientAddress: client.address,
  scheme: settings.scheme,
  requestId: id,
})
