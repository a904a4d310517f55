import type { LocalResponse } from '../respond/local-response.ts'
import { describeProblem } from './describe.ts'
import type { Description } from './description.ts'
import type { Format } from './format.ts'
import { CONTENT_SECURITY_POLICY, renderPage } from './page.ts'
import type { Problem } from './problem.ts'

export interface RenderContext {
  readonly format: Format
  /** The X-Request-Id header, by which a reader finds the line in the log. */
  readonly requestId: string | null
}

/**
 * The gateway's answer to a problem, as a page or as JSON:
 * `{"errors":[…],"detail":…,"code":…,"request_id"?,"refusal"?,"log"?}`. Never cached.
 */
export function renderProblem(problem: Problem, { format, requestId }: RenderContext): LocalResponse {
  const description = describeProblem(problem)
  const body = format === 'html' ? renderPage(description, requestId) : renderJson(description, requestId)
  return {
    status: description.status,
    headers: [
      ['Content-Type', format === 'html' ? 'text/html; charset=utf-8' : 'application/json'],
      ['Cache-Control', 'no-store'],
      ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
      ['X-Content-Type-Options', 'nosniff'],
      ['Referrer-Policy', 'no-referrer'],
      // How clients of Space tell the platform's answers from the app's (COMPAT 1.2).
      ['Server', 'Deta-Ownspace'],
      ...retryAfter(description),
      ...(description.headers ?? []),
    ],
    body: { kind: 'bytes', bytes: Buffer.from(body) },
  }
}

const retryAfter = ({ retryAfterSeconds }: Description): readonly (readonly [string, string])[] =>
  retryAfterSeconds === undefined ? [] : [['Retry-After', String(Math.ceil(retryAfterSeconds))]]

/** Both `errors` and `detail`, because clients of Space read either (COMPAT 3.4). */
function renderJson(description: Description, requestId: string | null): string {
  return JSON.stringify({
    errors: [description.error],
    detail: description.text,
    code: description.code,
    request_id: requestId ?? undefined,
    refusal: description.refusal,
    log: description.log,
  })
}
