import { isAccessToken, isHomeSession } from '../sessions/index.ts'
import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'

/**
 * How often an open answer checks that its reader is still signed in. The answer polls, rather than being notified, so that
 * no way of ending a session can be forgotten.
 */
const CHECK_MS = 500

/**
 * Streams `source` until it ends, or fails within a second after the session or token of `caller` has ended. The log says
 * why; the failure itself is null, because Bun prints every other one with a stack.
 */
export function endWithSession(
  { db, now, log }: Pick<ApiContext, 'db' | 'now' | 'log'>,
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
      .then((may) => {
        if (may || ended.signal.aborted) return
        log.info('an open answer was cut: its session or token has ended', { user: caller.user.id })
        ended.abort(null)
      })
      .catch((error: unknown) => {
        log.error('an open answer was cut: its session or token could not be checked', {}, error)
        ended.abort(null)
      })
  }, CHECK_MS)
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  source
    .pipeTo(writable, { signal: ended.signal })
    // The reader sees the failure.
    .catch(() => {})
    .finally(() => clearInterval(timer))
  return readable
}
