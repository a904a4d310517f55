import { answerProblem } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { noteRefusal } from './note-refusal.ts'

/**
 * Answers 400 to a target that no two servers need read alike; `why` says what is wrong with it. Where its host is an
 * app's it is remembered, so that the app's owner can ask by the request's id why a link does not work.
 */
export function refuseMalformed(exchange: Exchange, why: string, context: GatewayContext): void {
  const { host, target } = exchange.request
  const [path = target] = target.split('?', 1)
  // Which micro it was meant for nobody can tell; the root is there in any case.
  const route = context.directory.locate(host, '/')
  if (route.kind === 'micro') noteRefusal(exchange, { path }, route, 'malformed', context)
  answerProblem(exchange, { kind: 'bad-request', detail: `The path is malformed: ${why}.` })
}
