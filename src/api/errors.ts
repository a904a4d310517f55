import { randomUUID } from 'node:crypto'
import type { ErrorAnswer } from '../contract/index.ts'
import { DISK_FULL, isDiskFull } from '../disk/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import type { Logger } from '../kernel/log.ts'

/** `X-Request-Id` of the gateway, so that its log and ours name a request alike. */
export const requestIdOf = (request: Request): string =>
  request.headers.get('x-request-id')?.slice(0, 100) || randomUUID()

/**
 * The one place where an error becomes an answer. The text of an HttpError below 500 is for the client, and that of a
 * server that is busy or full; everything else stays in the log, under the id that the client sees.
 */
export function errorResponse(error: unknown, request: Request, log: Logger): Response {
  const id = requestIdOf(request)
  const known = knownError(error)
  const status = known?.status ?? 500
  // Whoever leaves in the middle of a body has made this error, and sees no answer.
  if (request.signal.aborted) log.debug('client left', { id })
  else if (status >= 500 && (known !== error || !isForClient(known)))
    log.error('request failed', { id, method: request.method, path: pathOf(request) }, error)
  const message = status < 500 || isForClient(known) ? known!.message : messageOf(id)
  const answer: ErrorAnswer = { errors: [message], detail: message, code: known?.code ?? 'internal' }
  return Response.json(answer, { status, headers: retryAfter(known) })
}

/** A full disk is one whatever was being written: the client can do something about it. */
function knownError(error: unknown): HttpError | null {
  if (error instanceof HttpError && error.status < 500) return error
  if (isDiskFull(error)) return new HttpError(507, 'no_space', DISK_FULL, { cause: error })
  return error instanceof HttpError ? error : null
}

/** Errors above 499 whose text is for the client. */
const isForClient = (error: HttpError | null): boolean =>
  error?.code === 'unavailable' || error?.code === 'no_space'

function messageOf(id: string): string {
  return `Something went wrong on the server; its log has the cause under ${id}`
}

function retryAfter(error: HttpError | null): Record<string, string> {
  return error?.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(error.retryAfterSeconds) }
}

/** Without the query, which may hold a one-time code. */
const pathOf = (request: Request) => URL.parse(request.url)?.pathname ?? '?'
