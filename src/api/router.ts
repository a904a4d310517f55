import { type Context as HonoContext, Hono } from 'hono'
import { isHomeSession } from '../sessions/index.ts'
import { clientNetwork } from '../kernel/client-network.ts'
import { HttpError, forbidden, invalid, notFound, unauthorized } from '../kernel/http-error.ts'
import { getSignedIn, isSigned, requireClaimedCredential, requireSigned } from './authenticate.ts'
import { type BodySpec, type CallSpec, nameOf, scopesOf, type TokenScope } from '../contract/index.ts'
import { CHECKED, UNCHECKED } from './answer-check.ts'
import type { ApiContext } from './api-context.ts'
import { callPath } from './call-path.ts'
import { errorResponse } from './errors.ts'
import { gatewayBody, gatewayClient } from './gateway-headers.ts'
import { decodeJson, parseInput } from './parse-input.ts'
import { apiLimits } from './api-limits.ts'
import { type RequestBody, drain, openRequestBody } from './request-body.ts'
import { isNavigation, sourceOf, refuseCrossOrigin } from './request-source.ts'
import type { RateLimiter } from './rate-limit.ts'
import { findResource } from './resources.ts'
import { respond } from './respond.ts'
import type { Caller, TokenCaller } from './caller.ts'
import type { Route } from './route.ts'

/** Answers the rows of `routes`, and every other request with 404. */
export function createRouter(context: ApiContext, routes: readonly Route[], limiter: RateLimiter): Hono {
  const router = new Hono({ getPath: routedPath })
  for (const row of routes) {
    router.on(
      row.spec.method,
      row.spec.path,
      limited(context, row.spec, limiter, (hono) => answer(context, row, limiter, hono)),
    )
  }
  router.notFound(() => {
    throw notFound('There is no such call')
  })
  router.onError((error, hono) => errorResponse(error, hono.req.raw, context.log))
  return router
}

function routedPath(request: Request): string {
  const { pathname } = new URL(request.url)
  return callPath(pathname) ?? pathname
}

type Handler = (hono: HonoContext) => Promise<Response>

function limited(context: ApiContext, spec: CallSpec, limiter: RateLimiter, handler: Handler): Handler {
  const slots = spec.atOnce === undefined ? null : createSlots(spec.atOnce)
  return async (hono) => {
    if (spec.auth !== 'user') countCall(spec, limiter, strangerOf(spec, hono))
    if (slots === null) return handler(hono)
    using _slot = slots.take(await requireClaimedCredential(context, hono.req.raw))
    return await handler(hono)
  }
}

const strangerOf = (spec: CallSpec, hono: HonoContext): string =>
  spec.countedBy === undefined
    ? clientNetwork(gatewayClient(hono.req.raw))
    : (hono.req.param(spec.countedBy) ?? '')

function countCall(spec: CallSpec, limiter: RateLimiter, who: string): void {
  if (spec.perMinute) limiter.count(nameOf(spec), who, spec.perMinute)
}

/** Slots for calls under way. One holder gets at most half of them, so that it cannot lock the others out. */
function createSlots(total: number): { take(holder: string): Disposable } {
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
  new HttpError(503, 'unavailable', 'Too many uploads are in progress; try again in a moment', {
    retryAfterSeconds: 5,
  })

/** Every row takes the same steps: body, authentication, input, resource, handler. */
async function answer(
  context: ApiContext,
  { spec, handler }: Route,
  limiter: RateLimiter,
  hono: HonoContext,
): Promise<Response> {
  const request = hono.req.raw
  const check = context.checksAnswers ? CHECKED : UNCHECKED
  await using received = await openRequestBody(spec.body, gatewayBody(request), {
    folder: context.uploadsDir,
    limits: apiLimits(context),
  })
  const { caller, cookie } = await authenticate(context, spec, request, received)
  if (spec.auth === 'user') countCall(spec, limiter, caller?.user.id ?? '')
  const call = {
    caller,
    params: hono.req.param() as Record<string, string>,
    query: spec.query && parseInput(spec.query, hono.req.query()),
    body: spec.body && readBody(spec.body, request, received),
    client: gatewayClient(request),
    request,
  }
  try {
    const found = await findResource(context, spec, caller, call)
    const response = respond(spec, await handler(context, { ...call, ...found } as never), check)
    if (cookie) response.headers.append('Set-Cookie', cookie)
    return response
  } catch (error) {
    check.error(spec, error)
    throw error
  }
}

/** Consumes the body, because a signature covers it. */
async function authenticate(
  context: ApiContext,
  spec: CallSpec,
  request: Request,
  received: RequestBody,
): Promise<{ caller: Caller | null; cookie: string | null }> {
  switch (spec.auth) {
    case 'public': {
      if (request.method !== 'GET') refuseCrossOrigin(request, context.home.originOf(request))
      await drain(received.chunks)
      return { caller: null, cookie: null }
    }
    case 'handoff': {
      refuseSubresource(context, request)
      await drain(received.chunks)
      return (await getSignedIn(context, request)) ?? { caller: null, cookie: null }
    }
    case 'user': {
      if (isSigned(request)) {
        // The body is stored before it is verified: store nothing that an unknown token sends.
        if (spec.body) await requireClaimedCredential(context, request)
        const caller = await requireSigned(context, request, received.chunks)
        requireScope(spec, caller)
        return { caller, cookie: null }
      }
      const signedIn = await getSignedIn(context, request)
      if (!signedIn) throw unauthorized()
      await drain(received.chunks)
      // The session may have ended while the body arrived, which may take hours.
      if (!(await isHomeSession(context.db, signedIn.caller.sessionId, context.now()))) throw unauthorized()
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
  all: 'make the calls of its owner',
  push: 'push apps',
  read: 'read',
}

/** A hand-off is a navigation; a page that loads it as an image or a frame tries to misuse it. */
function refuseSubresource({ home }: ApiContext, request: Request): void {
  const isKnown = request.headers.has('sec-fetch-mode')
  if (isKnown && !isNavigation(request))
    throw new HttpError(
      403,
      'forbidden',
      'Open this address in the address bar; it cannot be embedded in a page',
    )
  if (sourceOf(request, home.originOf(request)) === 'cross-origin')
    throw new HttpError(
      403,
      'forbidden',
      'Open this address in the address bar; it cannot be embedded in a page',
    )
}

function readBody(spec: BodySpec, request: Request, received: RequestBody): unknown {
  const stored = received.stored()
  if (spec.kind !== 'json' || !(stored instanceof Uint8Array)) return parseInput(spec.schema, stored)
  // A form on a page of another origin can send text, but not with this type.
  if (stored.length > 0 && !/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    throw invalid('The body must be JSON, with Content-Type: application/json')
  return parseInput(spec.schema, decodeJson(stored))
}
