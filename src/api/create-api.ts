import { openApiDocument } from '../contract/index.ts'
import { HttpError, notFound } from '../kernel/http-error.ts'
import { hstsFor } from '../tls/index.ts'
import { answerAppHost } from './app-host.ts'
import type { ApiContext, ApiServices } from './api-context.ts'
import { callPath } from './call-path.ts'
import { createRouter } from './router.ts'
import { errorResponse } from './errors.ts'
import { gatewayInstance } from './gateway-headers.ts'
import { homeFile } from './home/home-files.ts'
import { createRateLimiter } from './rate-limit.ts'
import { HOME_ROUTES } from './routes/index.ts'

export interface Api {
  /** Answers a request that a gateway forwarded; never rejects. */
  fetch(request: Request): Promise<Response>
}

/** Serves Home with its API and files, and `/__space/*` of app hosts. Neither side answers requests for the other. */
export function createApi(services: ApiServices): Api {
  const context: ApiContext = { ...services, openApi: once(() => openApiDocument(services.version)) }
  const router = createRouter(context, HOME_ROUTES, createRateLimiter(context.now))

  const answer = async (request: Request): Promise<Response> => {
    if (!URL.canParse(request.url)) throw new HttpError(400, 'invalid', 'The host is not valid')
    const instanceId = gatewayInstance(request)
    if (instanceId !== null) return answerAppHost(context, request, instanceId)
    if (!context.home.isHost(request)) throw notFound('There is nothing here')
    const { pathname } = new URL(request.url)
    if (callPath(pathname) !== null) return router.fetch(request)
    if (request.method !== 'GET' && request.method !== 'HEAD') throw notFound('There is no such call')
    return homeFile(context.webDir, pathname, request.headers.get('accept-encoding'))
  }

  return {
    fetch: (request) =>
      answer(request)
        .catch((error: unknown) => errorResponse(error, request, context.log))
        .then(withSafeDefaults)
        .then((response) => (context.home.endsTls ? withHsts(response, request) : response)),
  }
}

/** Calls `build` when the value is first needed, and keeps the value. */
function once<Value extends object>(build: () => Value): () => Value {
  let built: Value | null = null
  return () => (built ??= build())
}

/** Default headers: no caching, no MIME sniffing, same origin only, no scripts and no frames. */
const DEFAULTS = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
] as const

function withSafeDefaults(response: Response): Response {
  for (const [name, value] of DEFAULTS) if (!response.headers.has(name)) response.headers.set(name, value)
  return response
}

/** Also on app hosts: each sign-in to an app goes through its `/__space/auth/callback`, so its browser sees the header. */
function withHsts(response: Response, request: Request): Response {
  const host = request.headers.get('host') ?? ''
  for (const [name, value] of hstsFor(host.replace(/:\d*$/, ''))) response.headers.set(name, value)
  return response
}
