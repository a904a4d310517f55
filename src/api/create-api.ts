import { HttpError, notFound } from '../kernel/http-error.ts'
import { hstsFor } from '../tls/index.ts'
import { answerAppHost } from './app-host.ts'
import type { ApiContext } from './api-context.ts'
import { callPath } from './call-path.ts'
import { createRouter } from './router.ts'
import { errorResponse } from './errors.ts'
import { gatewayInstance } from './gateway-headers.ts'
import { homeFile } from './home/home-files.ts'
import { createRateLimiter } from './rate-limit.ts'
import { HOME_ROUTES } from './routes/index.ts'

export interface Platform {
  /** Answers what the gateway passes on; never rejects. */
  fetch(request: Request): Promise<Response>
}

/** Home with its API and files, and `/__space/*` of app hosts: two sides that never answer for one another. */
export function createApi(deps: ApiContext): Platform {
  const router = createRouter(deps, HOME_ROUTES, createRateLimiter(deps.now))

  const answer = async (request: Request): Promise<Response> => {
    if (!URL.canParse(request.url)) throw new HttpError(400, 'invalid', 'The host is not valid')
    const instanceId = gatewayInstance(request)
    if (instanceId !== null) return answerAppHost(deps, request, instanceId)
    if (!deps.home.isHost(request)) throw notFound('There is nothing here')
    const { pathname } = new URL(request.url)
    if (callPath(pathname) !== null) return router.fetch(request)
    if (request.method !== 'GET' && request.method !== 'HEAD') throw notFound('There is no such call')
    return homeFile(deps.webDir, pathname, request.headers.get('accept-encoding'))
  }

  return {
    fetch: (request) =>
      answer(request)
        .catch((error: unknown) => errorResponse(error, request, deps.log))
        .then(withSafeDefaults)
        .then((response) => (deps.home.endsTls ? withHsts(response, request) : response)),
  }
}

/** For answers that set nothing else: kept nowhere, taken for nothing but what they say, read by Home's pages only. */
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

/** Also on app hosts: everybody who is signed in to an app has come by its `/__space/auth/callback`. */
function withHsts(response: Response, request: Request): Response {
  const host = request.headers.get('host') ?? ''
  for (const [name, value] of hstsFor(host.replace(/:\d*$/, ''))) response.headers.set(name, value)
  return response
}
