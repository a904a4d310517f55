import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { headerValue } from '../request/request-facts.ts'
import { clientBehind } from './trusted-proxies.ts'

/** Values of `X-Forwarded-*` and `X-Request-Id`, which replace those of the client. */
export interface ForwardedValues {
  readonly clientAddress: string
  readonly scheme: 'http' | 'https'
  readonly requestId: string
}

export const forwardedValues = (
  { client, id, request }: Exchange,
  { settings, isTrustedProxy }: GatewayContext,
): ForwardedValues => ({
  clientAddress: isTrustedProxy(client.address)
    ? clientBehind(isTrustedProxy, client.address, headerValue(request, 'x-forwarded-for'))
    : client.address,
  scheme: settings.scheme,
  requestId: id,
})
