import { invalid } from '../kernel/http-error.ts'

/**
 * Facts about a request that the gateway sends in headers. The gateway deletes these headers from client requests
 * (ARCHITECTURE, names on the wire), and only the gateway can reach our socket.
 */

/** The instance whose host the request is for; null for Home. */
export const gatewayInstance = (request: Request): string | null =>
  request.headers.get('x-space-gateway-instance')

/** Address of the client, for limits and logs. */
export const gatewayClient = (request: Request): string =>
  request.headers.get('x-space-gateway-client') ?? 'unknown'

/**
 * The request target as the client sent and signed it; the URL of `request` is normalised. Throws 400 when the two name
 * different resources: the target that is verified must be the target that is served.
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

/** The body. That of a GET arrives in a header, because a GET `Request` cannot have one, and signatures cover it (COMPAT 3.4). */
export function gatewayBody(request: Request): ReadableStream<Uint8Array> | null {
  const held = request.headers.get('x-space-gateway-body')
  return held === null ? request.body : new Response(Buffer.from(held, 'base64')).body
}
