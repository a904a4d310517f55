import { isAccessToken, isHomeSession } from '../sessions/index.ts'
import { unauthorized } from '../kernel/http-error.ts'
import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'

/**
 * How often an answer that goes on asks whether its reader may still have it: asked, not told, so that no way of ending a
 * session can be forgotten.
 */
const ASK_MS = 500

/** `source` for as long as the session or token lasts that it was given to; then it breaks off, within a second. */
export function whileSignedIn(
  { db, now }: Pick<ApiContext, 'db' | 'now'>,
  caller: Caller,
  source: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const isSignedIn = () =>
    caller.kind === 'session'
      ? isHomeSession(db, caller.sessionId, now())
      : isAccessToken(db, caller.tokenId, now())
  let timer: Timer
  const breakOff = (controller: ReadableStreamDefaultController, cause: unknown): Promise<void> => {
    clearInterval(timer)
    controller.error(cause)
    return reader.cancel(cause)
  }
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      timer = setInterval(() => {
        isSignedIn()
          .then((may) => (may ? undefined : breakOff(controller, unauthorized())))
          .catch((error: unknown) => breakOff(controller, error))
      }, ASK_MS)
    },
    pull: async (controller) => {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      clearInterval(timer)
      controller.close()
    },
    cancel: (cause) => {
      clearInterval(timer)
      return reader.cancel(cause)
    },
  })
}
