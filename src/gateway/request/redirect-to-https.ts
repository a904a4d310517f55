import { answerProblem, answerRedirect } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { answerLocally } from '../respond/local-responder.ts'
import { headerValue } from './request-facts.ts'

/**
 * Fields with secrets: a client that sends one unencrypted gets an error and not a redirect, so that the mistake is
 * seen.
 */
const CREDENTIALS = ['x-space-app-key', 'x-api-key', 'authorization']

/**
 * Answers a request by plain http while the gateway speaks https. It is never judged or forwarded: GET and HEAD without
 * credentials are redirected to the same address on https if the host is one of ours; everything else is refused.
 * (Answers to ACME challenges, RFC 8555, 8.3, belong here.)
 */
export function redirectToHttps(exchange: Exchange, context: GatewayContext): void {
  const { request } = exchange
  const { settings, directory } = context
  const isHome = settings.homeHosts.includes(request.hostname)
  if (!isHome) {
    const { kind } = directory.locate(request.host, '/')
    if (kind === 'not-current') return answerProblem(exchange, { kind: 'unavailable' })
    if (kind === 'unknown-host') return answerProblem(exchange, { kind: 'no-such-app' })
  }
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  if (!isReading || CREDENTIALS.some((name) => headerValue(request, name) !== null))
    return answerProblem(exchange, { kind: 'https-only' })
  // No certificate can be valid for the machine's local names.
  if (isHome && request.hostname !== settings.domain)
    return answerRedirect(exchange, settings.homeOrigin + request.target)
  const { port } = new URL(settings.homeOrigin)
  const host = request.hostname + (port && `:${port}`)
  answerLocally(exchange, {
    // Not cached: a browser that caches it could never be moved back to http.
    status: 308,
    headers: [
      ['Location', `https://${host}${request.target}`],
      ['Cache-Control', 'no-store'],
    ],
    body: { kind: 'bytes', bytes: new Uint8Array() },
  })
}
