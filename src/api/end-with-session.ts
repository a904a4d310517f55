import { isAccessToken, isHomeSession } from '../sessions/index.ts'
import { unauthorized } from '../kernel/http-error.ts'
import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'

/**
 * How often an open answer checks that its reader is still signed in. The answer polls, rather than being notified, so that
 * no way of ending a session can be forgotten.
 */
const CHECK_MS = 500

/** Streams `source` until it ends, or fails with 401 within a second after the session or token of `caller` has ended. */
export function endWithSession(
  { db, now }: Pick<ApiContext, 'db' | 'now'>,
  caller: Caller,
  source: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const isSignedIn = () =>
    caller.kind === 'session'
      ? isHomeSession(db, caller.sessionId, now())
      : isAccessToken(db, caller.tokenId, now())
  const ended = new AbortController()
  const timer = setInterval(() => {
    isSignedIn()
      .then((may) => may || ended.abort(unauthorized()))
      .catch((error: unknown) => ended.abort(error))
  }, CHECK_MS)
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  source
    .pipeTo(writable, { signal: ended.signal })
    // The reader sees the failure.
    .catch(() => {})
    .finally(() => clearInterval(timer))
  return readable
}
