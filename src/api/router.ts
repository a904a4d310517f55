import { type Context, Hono } from 'hono'
import { isHomeSession } from '../sessions/index.ts'
import { clientNetwork } from '../kernel/client-network.ts'
import { HttpError, forbidden, invalid, notFound, unauthorized } from '../kernel/http-error.ts'
import { getSignedIn, isSigned, refuseStranger, requireSigned } from './authenticate.ts'
import { type BodySpec, type CallSpec, nameOf, scopesOf, type TokenScope } from '../contract/index.ts'
import { CHECKED, UNCHECKED } from './answer-check.ts'
import type { ApiContext } from './api-context.ts'
import { callPath } from './call-path.ts'
import { errorResponse } from './errors.ts'
import { gatewayBody, gatewayClient } from './gateway-headers.ts'
import { decodeJson, parseInput } from './parse-input.ts'
import { platformLimits } from './platform-limits.ts'
import { type Intake, drain, openIntake } from './request-body.ts'
import { isNavigation, provenanceOf, refuseCrossOrigin } from './request-source.ts'
import type { RateLimiter } from './rate-limit.ts'
import { findResource } from './resources.ts'
import { respond } from './respond.ts'
import type { Caller, TokenCaller } from './caller.ts'
import type { Route } from './route.ts'

/** An app that answers the rows of the table and nothing else. */
export function createRouter(deps: ApiContext, routes: readonly Route[], limiter: RateLimiter): Hono {
  const router = new Hono({ getPath: routedPath })
  for (const row of routes) {
    router.on(
      row.spec.method,
      row.spec.path,
      limited(deps, row.spec, limiter, (context) => answer(deps, row, limiter, context)),
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

function limited(deps: ApiContext, spec: CallSpec, limiter: RateLimiter, handler: Handler): Handler {
  const places = spec.atOnce === undefined ? null : createPlaces(spec.atOnce)
  return async (context) => {
    if (spec.auth !== 'user') countCall(spec, limiter, strangerOf(spec, context))
    if (places === null) return handler(context)
    using _place = places.take(await refuseStranger(deps, context.req.raw))
    return await handler(context)
  }
}

const strangerOf = (spec: CallSpec, context: Context): string =>
  spec.countedBy === undefined
    ? clientNetwork(gatewayClient(context.req.raw))
    : (context.req.param(spec.countedBy) ?? '')

function countCall(spec: CallSpec, limiter: RateLimiter, who: string): void {
  if (spec.perMinute) limiter.count(nameOf(spec), who, spec.perMinute)
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

/** Every row in the same order: whole body, who, input, whose, handler. */
async function answer(
  deps: ApiContext,
  { spec, handler }: Route,
  limiter: RateLimiter,
  context: Context,
): Promise<Response> {
  const request = context.req.raw
  const check = deps.checksAnswers ? CHECKED : UNCHECKED
  await using intake = await openIntake(spec.body, gatewayBody(request), {
    folder: deps.uploadsDir,
    limits: platformLimits(deps),
  })
  const { caller, cookie } = await authenticate(deps, spec, request, intake)
  if (spec.auth === 'user') countCall(spec, limiter, caller?.user.id ?? '')
  const call = {
    caller,
    params: context.req.param() as Record<string, string>,
    query: spec.query && parseInput(spec.query, context.req.query()),
    body: spec.body && readBody(spec.body, request, intake),
    client: gatewayClient(request),
    request,
  }
  try {
    const found = await findResource(deps, spec, caller, call)
    const response = respond(spec, await handler(deps, { ...call, ...found } as never), check)
    if (cookie) response.headers.append('Set-Cookie', cookie)
    return response
  } catch (error) {
    check.error(spec, error)
    throw error
  }
}

/** Consumes the body, which is part of what a signature proves. */
async function authenticate(
  deps: ApiContext,
  spec: CallSpec,
  request: Request,
  intake: Intake,
): Promise<{ caller: Caller | null; cookie: string | null }> {
  switch (spec.auth) {
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
        if (spec.body) await refuseStranger(deps, request)
        const caller = await requireSigned(deps, request, intake.chunks)
        requireScope(spec, caller)
        return { caller, cookie: null }
      }
      const signedIn = await getSignedIn(deps, request)
      if (!signedIn) throw unauthorized()
      await drain(intake.chunks)
      // A body may take as long as its sender likes: until long after somebody has signed this session out.
      if (!(await isHomeSession(deps.db, signedIn.caller.sessionId, deps.now()))) throw unauthorized()
      return signedIn
    }
    case 'code':
    case 'same-origin':
      throw new Error(`${spec.path} is a call of app hosts`)
  }
}

function requireScope(spec: CallSpec, { scope }: TokenCaller): void {
  if (scopesOf(spec).includes(scope)) return
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

function readBody(spec: BodySpec, request: Request, intake: Intake): unknown {
  const kept = intake.kept()
  if (spec.kind !== 'json' || !(kept instanceof Uint8Array)) return parseInput(spec.schema, kept)
  // A form on a page elsewhere can send text, but not with this type.
  if (kept.length > 0 && !/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    throw invalid('The body must be JSON, with Content-Type: application/json')
  return parseInput(spec.schema, decodeJson(kept))
}
