import { answerProblem } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { noteRefusal } from './note-refusal.ts'

/**
 * Answers 400 to a target that servers could read differently; `why` says what is wrong with it. If the host belongs to
 * an app the refusal is remembered, so that the app's owner can look up by the request's id why a link does not work.
 */
export function refuseMalformed(exchange: Exchange, why: string, context: GatewayContext): void {
  const { host, target } = exchange.request
  const [path = target] = target.split('?', 1)
  // The target cannot be routed to a micro; the root exists in any case.
  const route = context.directory.locate(host, '/')
  if (route.kind === 'micro') noteRefusal(exchange, { path }, route, 'malformed', context)
  answerProblem(exchange, { kind: 'bad-request', detail: `The path is malformed: ${why}.` })
}
