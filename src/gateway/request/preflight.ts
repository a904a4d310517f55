import { judgeKey } from '../../access/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { answerLocally } from '../respond/local-responder.ts'
import { headerValue } from './request-facts.ts'
import type { RouteMatch } from './route-match.ts'

/** How long a browser caches the answer. A key that ends earlier is refused in any case. */
const REMEMBERED_SECONDS = 600
const MAX_FIELD_NAMES_LENGTH = 1_000

/**
 * Answers a preflight (Fetch, 4.8): whether a page of another origin may send a request with a key. A preflight names
 * no key, so it is answered if any key of this app for pages of this origin admits the request. False: not a preflight
 * for a key, or no key admits it.
 */
export function answerPreflight(exchange: Exchange, route: RouteMatch, context: GatewayContext): boolean {
  const { request } = exchange
  if (request.method !== 'OPTIONS') return false
  const origin = headerValue(request, 'origin')
  const method = headerValue(request, 'access-control-request-method')
  const fields = headerValue(request, 'access-control-request-headers')
  if (origin === null || method === null || fields === null) return false
  if (!METHOD.test(method) || !asksForKey(fields)) return false
  const keys = context.directory.findKeysForOrigin(route.instance.id, origin)
  if (!keys.some((key) => judgeKey(key, route, method, Date.now()) === null)) return false
  answerLocally(exchange, {
    status: 204,
    headers: [
      ['Access-Control-Allow-Origin', origin],
      ['Access-Control-Allow-Methods', method],
      ['Access-Control-Allow-Headers', fields],
      ['Access-Control-Max-Age', String(REMEMBERED_SECONDS)],
      ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'],
      ['Cache-Control', 'no-store'],
    ],
    body: { kind: 'none' },
  })
  return true
}

const METHOD = /^[A-Z][A-Z_-]{0,31}$/
/** Field names (RFC 9110, 5.6.2), so that they can be returned unchanged. */
const FIELD_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/

const asksForKey = (fields: string): boolean =>
  fields.length <= MAX_FIELD_NAMES_LENGTH &&
  FIELD_NAMES.test(fields) &&
  fields
    .toLowerCase()
    .split(',')
    .some((name) => name.trim() === 'x-space-app-key')
