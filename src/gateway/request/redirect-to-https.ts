import { answerProblem, answerRedirect } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { answerLocally } from '../respond/local-responder.ts'
import { headerValue } from './request-facts.ts'

/** Fields with secrets: whoever sends one unencrypted has to hear of it, and not be helped on. */
const CREDENTIALS = ['x-space-app-key', 'x-api-key', 'authorization']

/**
 * Answers a request that came as plain http while the front door speaks https. Nothing is judged or passed on from
 * here: what reads is led to the same address on https, if its host is one of ours, and the rest is refused. (Where
 * an authority that makes certificates asks for its proof, RFC 8555, 8.3, this is the place to give it.)
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
  // By the machine's own names no certificate can be right.
  if (isHome && request.hostname !== settings.domain)
    return answerRedirect(exchange, settings.homeOrigin + request.target)
  const { port } = new URL(settings.homeOrigin)
  const host = request.hostname + (port && `:${port}`)
  answerLocally(exchange, {
    // Kept nowhere: a browser that remembers it could never be brought back to http.
    status: 308,
    headers: [
      ['Location', `https://${host}${request.target}`],
      ['Cache-Control', 'no-store'],
    ],
    body: { kind: 'bytes', bytes: new Uint8Array() },
  })
}
