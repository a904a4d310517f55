import { originOf } from '../../access/index.ts'
import type { RequestHead } from '../../wire/index.ts'
import { headerValue } from './request-facts.ts'

/**
 * Path and query that a person who has to sign in first comes back to: what they asked for. A form was sent from a page,
 * and they come back to that page, since what the form held is neither kept nor sent again. Pages of other origins are
 * no place to return to; without one of ours it is the form's own address, which often shows the form.
 */
export function returnTarget(request: RequestHead, scheme: 'http' | 'https'): string {
  if (request.method === 'GET' || request.method === 'HEAD') return request.target
  const origin = originOf(scheme, request.host)
  const page = headerValue(request, 'referer') ?? ''
  return page.startsWith(`${origin}/`) ? page.slice(origin.length) : request.target
}
