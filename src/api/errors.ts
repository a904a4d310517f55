import { randomUUID } from 'node:crypto'
import type { ErrorAnswer } from '../contract/index.ts'
import { DISK_FULL, isDiskFull } from '../disk/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import type { Logger } from '../kernel/log.ts'
import { isDatabaseGone, isUnstorableText } from '../storage/index.ts'

const DATABASE_GONE = 'The database does not answer right now; try again in a moment'
const UNSTORABLE = 'Leave out the NUL character: no text may have one'

/** `X-Request-Id` of the gateway, so that both logs have the same id for a request. */
const requestIdOf = (request: Request): string =>
  request.headers.get('x-request-id')?.slice(0, 100) || randomUUID()

/**
 * Turns an error into an answer; no other code does. The client sees the text of an HttpError below 500, and of a server
 * that is busy or out of disk space. Every other text stays in the log, under the request id that the client sees.
 */
export function errorResponse(error: unknown, request: Request, log: Logger): Response {
  const id = requestIdOf(request)
  const known = knownError(error)
  const status = known?.status ?? 500
  // A client that disconnects in the middle of its body causes an error, and sees no answer.
  if (request.signal.aborted) log.debug('client left', { id })
  else if (status >= 500 && (known !== error || !isForClient(known)))
    log.error('request failed', { id, method: request.method, path: pathOf(request) }, error)
  const message = status < 500 || isForClient(known) ? known!.message : messageOf(id)
  const answer: ErrorAnswer = { errors: [message], detail: message, code: known?.code ?? 'internal' }
  return Response.json(answer, { status, headers: retryAfter(known) })
}

/** A full disk is reported as such, whatever code met it: the client can free space. */
function knownError(error: unknown): HttpError | null {
  if (error instanceof HttpError && error.status < 500) return error
  if (isDiskFull(error)) return new HttpError(507, 'no_space', DISK_FULL, { cause: error })
  if (isDatabaseGone(error))
    return new HttpError(503, 'unavailable', DATABASE_GONE, { cause: error, retryAfterSeconds: 5 })
  if (isUnstorableText(error)) return new HttpError(400, 'invalid', UNSTORABLE, { cause: error })
  return error instanceof HttpError ? error : null
}

/** Whether the text of an error of 500 and above is for the client. */
const isForClient = (error: HttpError | null): boolean =>
  error?.code === 'unavailable' || error?.code === 'no_space'

function messageOf(id: string): string {
  return `The server failed. Its administrator finds the cause in the log, under request id ${id}`
}

function retryAfter(error: HttpError | null): Record<string, string> {
  return error?.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(error.retryAfterSeconds) }
}

/** Without the query, which may hold a one-time code. */
const pathOf = (request: Request) => URL.parse(request.url)?.pathname ?? '?'
