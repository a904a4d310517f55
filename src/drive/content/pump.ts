import { Refusal, TooLarge } from '../errors.ts'

export interface BodyLimits {
  readonly bodyBytes: number
  readonly idleMs: number
  readonly uploadMs: number
}

export interface Body {
  readonly body: ReadableStream<Uint8Array> | null
  /** By the client; null: unknown. */
  readonly announcedBytes: number | null
  readonly limits: BodyLimits
  /** The client has gone, or the collection is closed. */
  readonly signal: AbortSignal
}

/** Hands all bytes of a body to `sink`, one piece at a time. Resolves with their number. */
export async function pump(
  body: ReadableStream<Uint8Array>,
  { limits, signal }: Body,
  sink: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const reader = body.getReader()
  using end = untilCut(limits, signal)
  let size = 0
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), end.promise])
      if (done) return size
      size += value.length
      if (size > limits.bodyBytes) throw tooLarge(limits)
      await sink(value)
      end.onBytes()
    }
  } catch (error) {
    reader.cancel().catch(() => {})
    throw error
  }
}

interface Cut extends Disposable {
  /** Rejects when the body must be given up. */
  readonly promise: Promise<never>
  readonly onBytes: () => void
}

function untilCut({ idleMs, uploadMs }: BodyLimits, signal: AbortSignal): Cut {
  const { promise, reject } = Promise.withResolvers<never>()
  // It may reject after the race is over.
  promise.catch(() => {})
  const onAbort = () => reject(new Refusal(499, 'The upload was cut off.'))
  const idle = setTimeout(() => reject(slow(`no byte came for ${idleMs / 1000} s`)), idleMs)
  const whole = setTimeout(() => reject(slow(`it took longer than ${uploadMs / 1000} s`)), uploadMs)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return {
    promise,
    onBytes: () => void idle.refresh(),
    [Symbol.dispose]() {
      clearTimeout(idle)
      clearTimeout(whole)
      signal.removeEventListener('abort', onAbort)
    },
  }
}

const slow = (what: string) => new Refusal(408, `The upload was ended: ${what}. Send it again.`)

export const tooLarge = ({ bodyBytes }: BodyLimits) =>
  new TooLarge(
    `The body is too large: a file in one request, and each part of an upload, may have ${bodyBytes} bytes.`,
  )
