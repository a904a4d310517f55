import type { CallSpec } from '../contract/index.ts'
import type { AnswerCheck } from './answer-check.ts'

/** An answer with headers of its own, such as cookies. */
export class WithHeaders<Value> {
  constructor(
    readonly headers: Headers | Readonly<Record<string, string>>,
    readonly value: Value,
  ) {}
}

/** What a handler returned, as the response that its row declares. */
export function respond(spec: CallSpec, result: unknown, check: AnswerCheck): Response {
  const { headers, value } = result instanceof WithHeaders ? result : { headers: {}, value: result }
  const init = { status: spec.output.status, headers: new Headers(headers) }
  check.answer(spec, value)
  switch (spec.output.kind) {
    case 'json':
      return Response.json(value, init)
    case 'text':
      init.headers.set('Content-Type', 'text/plain')
      return new Response(String(value), init)
    case 'none':
      return new Response(null, init)
    case 'stream':
    case 'redirect':
      return value as Response
  }
}
