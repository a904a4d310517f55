import { originOf } from '../../access/index.ts'
import type { RequestHead } from '../../wire/index.ts'
import { headerValue } from './request-facts.ts'

/**
 * Path and query to return to after signing in: the requested ones. After a form it is the page with the form, because
 * the form's content is neither kept nor sent again. Pages of other origins are not returned to; without a page of ours
 * it is the form's own address, which often shows the form.
 */
export function returnTarget(request: RequestHead, scheme: 'http' | 'https'): string {
  if (request.method === 'GET' || request.method === 'HEAD') return request.target
  const origin = originOf(scheme, request.host)
  const page = headerValue(request, 'referer') ?? ''
  return page.startsWith(`${origin}/`) ? page.slice(origin.length) : request.target
}
