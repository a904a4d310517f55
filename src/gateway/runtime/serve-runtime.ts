import { judgeConditions } from '../static/index.ts'
import type { LocalRequest, LocalResponse } from '../respond/local-response.ts'
import { RUNTIME_SCRIPTS } from './scripts.ts'

/** The client runtime, for everyone: it grants nothing. Null: the request is for something else. */
export function serveRuntime(request: LocalRequest): LocalResponse | null {
  const script = RUNTIME_SCRIPTS.get(request.path)
  if (script === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return null
  const { bytes, version } = script
  const etag = `"${version}"`
  const headers = [
    ['Content-Type', 'text/javascript; charset=utf-8'],
    ['ETag', etag],
    ['Cache-Control', request.query === `?${version}` ? 'public, max-age=31536000, immutable' : 'no-cache'],
    ['X-Content-Type-Options', 'nosniff'],
  ] as const
  switch (judgeConditions(request, { etag, modifiedMs: null })) {
    case 'failed':
      return { status: 412, headers: [], body: { kind: 'bytes', bytes: new Uint8Array() } }
    case 'not-modified':
      return { status: 304, headers: headers.slice(1, 3), body: { kind: 'none' } }
    case 'proceed':
      return { status: 200, headers, body: { kind: 'bytes', bytes } }
  }
}
