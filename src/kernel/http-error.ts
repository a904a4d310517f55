/**
 * The one error that a client may read. Everything else that is thrown becomes an `internal` 500 whose text
 * stays in the log. Bodies carry both `errors` and `detail`, because clients of Space read either (COMPAT 3.4).
 */

export type ErrorCode =
  /** The body, a parameter or the Spacefile is not what the call takes. */
  | 'invalid'
  /** No valid credential was presented. */
  | 'unauthorized'
  /** The caller is known and may not do this. */
  | 'forbidden'
  /** There is no such thing, or the caller may not know that there is. */
  | 'not_found'
  /** It exists already, or another change came first. */
  | 'conflict'
  /** Somebody else has it; the call says how to take it all the same. */
  | 'in_use'
  /** Larger than the bound named in the message. */
  | 'too_large'
  /** The disk has no room for it; the message says how to make some. */
  | 'no_space'
  /** Too many attempts; `Retry-After` says when to come back. */
  | 'rate_limited'
  /** Our fault; the log has the cause under the request id. */
  | 'internal'
  /** A part of the server is not there right now. */
  | 'unavailable'

export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'HttpError'
    this.retryAfterSeconds = options.retryAfterSeconds
  }
  readonly retryAfterSeconds: number | undefined
}

export const invalid = (message: string) => new HttpError(400, 'invalid', message)
export const unauthorized = (message = 'Unauthorized') => new HttpError(401, 'unauthorized', message)
export const forbidden = (message: string) => new HttpError(403, 'forbidden', message)
export const notFound = (message: string) => new HttpError(404, 'not_found', message)
export const conflict = (message: string) => new HttpError(409, 'conflict', message)
