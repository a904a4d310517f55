import { invalid } from '../kernel/http-error.ts'

/**
 * What the gateway says of a request, in headers that it deletes from whatever a client sends (ARCHITECTURE, names on
 * the wire). Only the gateway can reach our socket.
 */

/** The instance whose host was asked for; null for Home. */
export const gatewayInstance = (request: Request): string | null =>
  request.headers.get('x-space-gateway-instance')

/** Address of the client, for limits and logs. */
export const gatewayClient = (request: Request): string =>
  request.headers.get('x-space-gateway-client') ?? 'unknown'

/**
 * The request target as the client sent and signed it; URLs are normalised on their way here. Throws 400 when the two
 * do not name the same thing: what is verified must be what is served.
 */
export function gatewayTarget(request: Request): string {
  const { origin, pathname, search } = new URL(request.url)
  const served = pathname + search
  const target = request.headers.get('x-space-gateway-target') ?? served
  const parsed = URL.parse(origin + target)
  if (parsed === null || parsed.origin !== origin || parsed.pathname + parsed.search !== served)
    throw invalid('The request target is ambiguous')
  return target
}

/** The body. That of a GET comes in a header, as a `Request` can have none and it is signed (COMPAT 3.4). */
export function gatewayBody(request: Request): ReadableStream<Uint8Array> | null {
  const held = request.headers.get('x-space-gateway-body')
  return held === null ? request.body : new Response(Buffer.from(held, 'base64')).body
}
