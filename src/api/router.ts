import { type Context, Hono } from 'hono'
import { isHomeSession, type TokenScope } from '../sessions/index.ts'
import { clientNetwork } from '../kernel/client-network.ts'
import { HttpError, forbidden, invalid, notFound, unauthorized } from '../kernel/http-error.ts'
import { getSignedIn, isSigned, refuseStranger, requireSigned } from './authenticate.ts'
import { type BodySpec, platformLimits, decodeJson, parseInput } from './body-spec.ts'
import type { ApiContext } from './api-context.ts'
import { callPath } from './call-path.ts'
import { errorResponse } from './errors.ts'
import { gatewayBody, gatewayClient } from './gateway-headers.ts'
import { type Intake, drain, openIntake } from './request-body.ts'
import { isNavigation, provenanceOf, refuseCrossOrigin } from './request-source.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { Caller, Route, TokenCaller } from './route.ts'

/** An app that answers the rows of the table and nothing else. */
export function createRouter(deps: ApiContext, routes: readonly Route[], limiter: RateLimiter): Hono {
  const router = new Hono({ getPath: routedPath })
  for (const row of routes) {
    router.on(
      row.method,
      row.path,
      limited(deps, row, limiter, (context) => answer(deps, row, limiter, context)),
    )
  }
  router.notFound(() => {
    throw notFound('There is no such call')
  })
  router.onError((error, context) => errorResponse(error, context.req.raw, deps.log))
  return router
}

function routedPath(request: Request): string {
  const { pathname } = new URL(request.url)
  return callPath(pathname) ?? pathname
}

type Handler = (context: Context) => Promise<Response>

function limited(deps: ApiContext, row: Route, limiter: RateLimiter, handler: Handler): Handler {
  const places = row.atOnce === undefined ? null : createPlaces(row.atOnce)
  return async (context) => {
    if (row.auth !== 'user') countCall(row, limiter, strangerOf(row, context))
    if (places === null) return handler(context)
    using _place = places.take(await refuseStranger(deps, context.req.raw))
    return await handler(context)
  }
}

const strangerOf = (row: Route, context: Context): string =>
  row.countedBy === undefined
    ? clientNetwork(gatewayClient(context.req.raw))
    : (context.req.param(row.countedBy) ?? '')

function countCall(row: Route, limiter: RateLimiter, who: string): void {
  if (row.perMinute) limiter.count(`${row.method} ${row.path}`, who, row.perMinute)
}

/** Places for calls under way, of which one holder has at most half: whatever it does, the others have the rest. */
function createPlaces(total: number): { take(holder: string): Disposable } {
  const taken: string[] = []
  return {
    take: (holder) => {
      const own = taken.filter((other) => other === holder).length
      if (taken.length >= total || own >= Math.ceil(total / 2)) throw busy()
      taken.push(holder)
      return { [Symbol.dispose]: () => void taken.splice(taken.indexOf(holder), 1) }
    },
  }
}

const busy = () =>
  new HttpError(503, 'unavailable', 'The server takes other uploads right now; try again in a moment', {
    retryAfterSeconds: 5,
  })

/** Every row in the same order: whole body, who, input, handler. */
async function answer(
  deps: ApiContext,
  row: Route,
  limiter: RateLimiter,
  context: Context,
): Promise<Response> {
  const request = context.req.raw
  await using intake = await openIntake(row.body, gatewayBody(request), {
    folder: deps.uploadsDir,
    limits: platformLimits(deps),
  })
  const { caller, cookie } = await authenticate(deps, row, request, intake)
  if (row.auth === 'user') countCall(row, limiter, caller?.user.id ?? '')
  const response = await row.handler(deps, {
    caller: caller as never,
    params: context.req.param() as Record<string, string>,
    query: row.query && parseInput(row.query, context.req.query()),
    body: row.body && readBody(row.body, request, intake),
    client: gatewayClient(request),
    request,
  })
  if (cookie) response.headers.append('Set-Cookie', cookie)
  return response
}

/** Consumes the body, which is part of what a signature proves. */
async function authenticate(
  deps: ApiContext,
  row: Route,
  request: Request,
  intake: Intake,
): Promise<{ caller: Caller | null; cookie: string | null }> {
  switch (row.auth) {
    case 'public': {
      if (request.method !== 'GET') refuseCrossOrigin(request, deps.home.originOf(request))
      await drain(intake.chunks)
      return { caller: null, cookie: null }
    }
    case 'handoff': {
      refuseSubresource(deps, request)
      await drain(intake.chunks)
      return (await getSignedIn(deps, request)) ?? { caller: null, cookie: null }
    }
    case 'user': {
      if (isSigned(request)) {
        // What comes is kept until it is verified: of strangers nothing is.
        if (row.body) await refuseStranger(deps, request)
        const caller = await requireSigned(deps, request, intake.chunks)
        requireScope(row, caller)
        return { caller, cookie: null }
      }
      const signedIn = await getSignedIn(deps, request)
      if (!signedIn) throw unauthorized()
      await drain(intake.chunks)
      // A body may take as long as its sender likes: until long after somebody has signed this session out.
      if (!(await isHomeSession(deps.db, signedIn.caller.sessionId, deps.now()))) throw unauthorized()
      return signedIn
    }
  }
}

function requireScope({ method, scopes }: Route, { scope }: TokenCaller): void {
  const allowed: readonly TokenScope[] = ['all', ...(scopes ?? (method === 'GET' ? ['read' as const] : []))]
  if (allowed.includes(scope)) return
  throw forbidden(`This access token may only ${ABILITIES[scope]}. Log in again for more: space login`)
}

const ABILITIES: Readonly<Record<TokenScope, string>> = {
  all: 'do what its person may',
  push: 'push apps',
  read: 'read',
}

/** A hand-off happens in the address bar; a page that loads it as an image or a frame wants something else. */
function refuseSubresource({ home }: ApiContext, request: Request): void {
  const isKnown = request.headers.has('sec-fetch-mode')
  if (isKnown && !isNavigation(request))
    throw new HttpError(403, 'forbidden', 'This page must be opened by itself')
  if (provenanceOf(request, home.originOf(request)) === 'cross-origin')
    throw new HttpError(403, 'forbidden', 'This page must be opened by itself')
}

function readBody(spec: BodySpec<unknown>, request: Request, intake: Intake): unknown {
  const kept = intake.kept()
  if (spec.kind !== 'json' || !(kept instanceof Uint8Array)) return parseInput(spec.schema, kept)
  // A form on a page elsewhere can send text, but not with this type.
  if (kept.length > 0 && !/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    throw invalid('The body must be JSON, with Content-Type: application/json')
  return parseInput(spec.schema, decodeJson(kept))
}
