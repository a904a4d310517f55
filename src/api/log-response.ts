import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'
import { whileSignedIn } from './end-with-session.ts'

/** The log of a build, a release or an installation: lines of plain text as they come, which nothing may collect or cache. */
export function logResponse(
  deps: Pick<ApiContext, 'db' | 'now' | 'pushes'>,
  id: string,
  { caller, query }: { caller: Caller; query: { follow: boolean } },
): Response {
  return new Response(whileSignedIn(deps, caller, deps.pushes.readLog(id, query)), {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Accel-Buffering': 'no' },
  })
}
