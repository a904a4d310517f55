'use strict'
const { createHmac } = require('node:crypto')

/**
 * A `fetch` for the API of a Space server. Each request is signed with the access token, which itself is never sent.
 * Throws when there is no token; every call rejects when SPACE_ROOT does not name the server.
 */
function fetchFn(accessToken = process.env.DETA_SPACE_TOKEN) {
  const [keyId, secret] = String(accessToken ?? '').split('_')
  if (!keyId || !secret)
    throw new Error('No access token: pass one, or set DETA_SPACE_TOKEN. It has the form <id>_<secret>.')
  return async (path, init = {}) => {
    const root = rootUrl()
    const url = new URL(`${root}/v0/${path.replace(/^\/(v0\/)?/, '')}`)
    url.searchParams.sort()
    const method = (init.method ?? 'GET').toUpperCase()
    const body = init.body == null || method === 'GET' ? '' : String(init.body)
    const headers = new Headers(init.headers)
    if (body === '') headers.delete('Content-Type')
    else if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/json')
    const time = (await (await fetch(`${root}/v0/time`)).text()).trim()
    const lines = [method, url.pathname + url.search, time, headers.get('Content-Type') ?? '', body, '']
    const signature = createHmac('sha256', secret).update(lines.join('\n')).digest('hex')
    headers.set('X-Deta-Timestamp', time)
    headers.set('X-Deta-Signature', `v0=${keyId}:${signature}`)
    return fetch(url, { ...init, method, headers, body: body === '' ? undefined : body })
  }
}

function rootUrl() {
  const root = process.env.SPACE_ROOT?.replace(/\/+$/, '')
  if (!root)
    throw new Error(
      'deta-space-client does not know your server: set SPACE_ROOT to the address of its API, for example https://cloud.example.org/api',
    )
  return root
}

/** The same with a method per verb; resolves to the parsed answer, rejects when the server refuses. */
function SpaceClient(accessToken) {
  const send = fetchFn(accessToken)
  const call = (method) => async (path, body) => {
    const response = await send(path, { method, body: body === undefined ? undefined : JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok)
      throw new Error(`${method} ${path} failed with ${response.status}: ${text.slice(0, 500)}`)
    return withJson(text === '' ? null : JSON.parse(text))
  }
  return { get: call('GET'), post: call('POST'), patch: call('PATCH'), delete: call('DELETE') }
}

/** Early versions of the package resolved to the response, so callers may ask the answer for its `json()`. */
function withJson(value) {
  if (typeof value === 'object' && value !== null && !('json' in value))
    Object.defineProperty(value, 'json', { value: async () => value })
  return value
}

module.exports = { fetchFn, SpaceClient, default: SpaceClient }
