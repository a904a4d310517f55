/**
 * Pages of any origin may call the data hosts (CLIENTS, 4.9): a call is admitted by its key alone, and a browser has none
 * that it would add by itself. Credentials of browsers are not allowed.
 */
const HEADERS =
  'X-API-Key, Authorization, Content-Type, Range, If-Range, If-Match, If-None-Match, If-Modified-Since'
const EXPOSED = 'Content-Length, Content-Range, Content-Disposition, Accept-Ranges, ETag, Retry-After'
const REMEMBERED_SECONDS = '600'

export function answerPreflight({ headers }: Request): Response {
  const isPreflight = headers.has('origin') && headers.has('access-control-request-method')
  return new Response(null, {
    status: 204,
    headers: isPreflight
      ? {
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Methods': 'GET, HEAD, PUT, POST, PATCH, DELETE',
          'Access-Control-Allow-Headers': HEADERS,
          'Access-Control-Max-Age': REMEMBERED_SECONDS,
        }
      : { Allow: 'GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS' },
  })
}

export function readableByPages(response: Response): Response {
  response.headers.set('Access-Control-Allow-Origin', '*')
  response.headers.set('Access-Control-Expose-Headers', EXPOSED)
  return response
}
