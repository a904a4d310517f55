import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import type { LocalRequest, LocalResponse } from './local-response.ts'
import { answerLocally } from './local-responder.ts'
import { preferredFormat, renderProblem, type Problem } from '../pages/index.ts'
import { headerValue } from '../request/request-facts.ts'

/** The small view of a request that local answers are made from. */
export function localRequest(exchange: Exchange, path: string, query: string): LocalRequest {
  const { request } = exchange
  return { method: request.method, path, query, header: (name) => headerValue(request, name) }
}

/** Answers with one of our own pages, or its JSON for programs. */
export function answerProblem(exchange: Exchange, problem: Problem): void {
  const format = preferredFormat(localRequest(exchange, '/', ''))
  answerLocally(exchange, renderProblem(problem, { format, requestId: exchange.id }))
}

/** Redirects, always to a GET: a body is not sent again to another place (RFC 9110, 15.4.4). */
export function answerRedirect(
  exchange: Exchange,
  location: string,
  headers: LocalResponse['headers'] = [],
): void {
  const { method } = exchange.request
  answerLocally(exchange, {
    status: method === 'GET' || method === 'HEAD' ? 302 : 303,
    headers: [
      ['Location', location],
      ['Cache-Control', 'no-store'],
      ['Referrer-Policy', 'no-referrer'],
      ...headers,
    ],
    body: { kind: 'bytes', bytes: new Uint8Array() },
  })
}

/** A defect of ours: the cause goes to the log, the request id to the client. */
export function answerInternal(exchange: Exchange, context: GatewayContext, cause: unknown): void {
  context.log.error('request failed', { request: exchange.id }, cause)
  if (exchange.response.isStarted) exchange.client.abort()
  else answerProblem(exchange, { kind: 'internal' })
}
