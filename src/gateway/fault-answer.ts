import { WIRE_LIMITS, type Fault } from '../wire/index.ts'
import type { Timeout } from './client-connection.ts'
import type { LocalResponse } from './local-response.ts'
import { renderProblem } from './pages/index.ts'

/** The answer to what is no HTTP request. Nothing is known about its sender, so it is JSON. */
export function faultAnswer(fault: Fault | Timeout, requestId: string): LocalResponse {
  const context = { format: 'json', requestId } as const
  if (fault.status === 431)
    return renderProblem(
      { kind: 'too-large', what: 'head', limitBytes: WIRE_LIMITS.requestHeadBytes },
      context,
    )
  const answer = renderProblem({ kind: 'bad-request', detail: `${fault.reason}.` }, context)
  return { ...answer, status: fault.status }
}
