import type { Format } from '../format.ts'
import type { Problem } from '../problem.ts'
import { renderProblem } from '../render-problem.ts'

export interface Rendered {
  readonly status: number
  readonly text: string
  header(name: string): string | null
}

/** What a client reads of an answer to a problem. For tests. */
export function ask(problem: Problem, format: Format): Rendered {
  const { status, headers, body } = renderProblem(problem, { format, requestId: 'req_1' })
  return {
    status,
    text: body.kind === 'bytes' ? new TextDecoder().decode(body.bytes) : '',
    header: (name) => headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? null,
  }
}

export const page = (problem: Problem): string => ask(problem, 'html').text

export const json = (problem: Problem): Record<string, unknown> => JSON.parse(ask(problem, 'json').text)
