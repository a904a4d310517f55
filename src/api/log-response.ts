import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'
import { endWithSession } from './end-with-session.ts'

/** Streams the log of a build, a release or an installation as plain text. Proxies must not buffer or cache the lines. */
export function logResponse(
  context: Pick<ApiContext, 'db' | 'log' | 'now' | 'pushes'>,
  id: string,
  { caller, query }: { caller: Caller; query: { follow: boolean } },
): Response {
  return new Response(endWithSession(context, caller, context.pushes.readLog(id, query)), {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Accel-Buffering': 'no' },
  })
}
