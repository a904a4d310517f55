import { z } from 'zod'
import type { ApiContext } from './api-context.ts'
import type { Caller } from './route.ts'
import { whileSignedIn } from './end-with-session.ts'

/** `?follow=true`: the answer goes on until what it tells of has ended. */
export const followQuery = z.object({ follow: z.stringbool().default(false) })

/** The log of a build, a release or an installation: lines of plain text as they come, which nothing may collect or cache. */
export function logResponse(
  deps: Pick<ApiContext, 'db' | 'now' | 'pushes'>,
  id: string,
  { caller, query }: { caller: Caller; query: z.infer<typeof followQuery> },
): Response {
  return new Response(whileSignedIn(deps, caller, deps.pushes.readLog(id, query)), {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Accel-Buffering': 'no' },
  })
}
