/**
 * The only error whose message a client may read. Every other error becomes an `internal` 500, and its text stays in
 * the log. Bodies carry both `errors` and `detail`, because clients of Space read either (COMPAT 3.4).
 */

export type ErrorCode =
  /** The body, a parameter or the Spacefile is invalid. */
  | 'invalid'
  /** The request has no valid credential. */
  | 'unauthorized'
  /** The caller is known, but may not do this. */
  | 'forbidden'
  /** The object does not exist, or the caller may not know that it exists. */
  | 'not_found'
  /** The object exists already, or another change came first. */
  | 'conflict'
  /** Another owner uses the object; the message says how to take it over. */
  | 'in_use'
  /** Larger than the limit named in the message. */
  | 'too_large'
  /** Not enough disk space; the message says how to free some. */
  | 'no_space'
  /** Too many attempts; `Retry-After` says when to retry. */
  | 'rate_limited'
  /** A fault of the server; the log has the cause under the request id. */
  | 'internal'
  /** A part of the server does not respond. */
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
