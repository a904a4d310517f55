import { localRequest } from './answer.ts'
import { CookieNames } from '../headers/cookie-names.ts'
import { cookieRemovals, type ForeignCookies } from '../headers/cookie-removals.ts'
import type { Exchange } from '../client/exchange.ts'
import type { LocalResponse } from './local-response.ts'
import { preferredFormat, renderProblem, type Format } from '../pages/index.ts'
import { headerValue } from '../request/request-facts.ts'

/** With less, cookies are hardly the reason of a refusal: Node accepts 16 kB of head, others 8. */
const MANY_COOKIE_BYTES = 4_096

/** A page that says so and removes cookies that other sites may have set; null if there are none. */
export function tooManyCookies(
  cookies: ForeignCookies,
  { format, requestId }: { format: Format; requestId: string },
): LocalResponse | null {
  const removals = cookieRemovals(cookies)
  if (removals.length === 0) return null
  const answer = renderProblem({ kind: 'too-many-cookies' }, { format, requestId })
  const lines = removals.map((value) => ['Set-Cookie', value] as const)
  return { ...answer, headers: [...answer.headers, ...lines] }
}

/**
 * The same in place of an upstream's own 431: its bound may be below ours, and a browser would show nothing helpful.
 * Null: cookies are not the reason.
 */
export function answerInsteadOf431(exchange: Exchange, scheme: 'http' | 'https'): LocalResponse | null {
  const { request, id } = exchange
  const value = headerValue(request, 'cookie') ?? ''
  if (value.length < MANY_COOKIE_BYTES) return null
  const reader = new CookieNames()
  reader.add(Buffer.from(`${value}\r\n`, 'latin1'))
  const [path = '/'] = request.target.split('?', 1)
  return tooManyCookies(
    { hostname: request.hostname, path, names: reader.names, scheme },
    { format: preferredFormat(localRequest(exchange, path, '')), requestId: id },
  )
}
