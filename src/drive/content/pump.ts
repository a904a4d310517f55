import { Refusal, tooLarge as refuseTooLarge } from '../errors.ts'

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
  using cut = cutWhenLate(reader, limits, signal)
  let size = 0
  try {
    for (;;) {
      const { done, value } = await readOf(reader)
      if (cut.reason) throw cut.reason
      if (done) return size
      size += value.length
      if (size > limits.bodyBytes) throw tooLarge(limits)
      await sink(value)
      cut.onBytes()
    }
  } catch (error) {
    reader.cancel().catch(() => {})
    throw cut.reason ?? error
  }
}

/** A read that fails is the client's doing: its connection ended, or its right. */
async function readOf(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch {
    throw cutOff()
  }
}

interface Cut extends Disposable {
  /** Why the body was given up, once it was. */
  readonly reason: Refusal | null
  readonly onBytes: () => void
}

/**
 * Cancels the reader, which ends the read that waits. No race of promises: one that never settles would keep every
 * piece that was read in memory.
 */
function cutWhenLate(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { idleMs, uploadMs }: BodyLimits,
  signal: AbortSignal,
): Cut {
  let reason: Refusal | null = null
  const cut = (why: Refusal) => {
    reason ??= why
    reader.cancel(why).catch(() => {})
  }
  const onAbort = () => cut(cutOff())
  const idle = setTimeout(() => cut(slow(`no byte came for ${idleMs / 1000} s`)), idleMs)
  const whole = setTimeout(() => cut(slow(`it took longer than ${uploadMs / 1000} s`)), uploadMs)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return {
    get reason() {
      return reason
    },
    onBytes: () => void idle.refresh(),
    [Symbol.dispose]() {
      clearTimeout(idle)
      clearTimeout(whole)
      signal.removeEventListener('abort', onAbort)
    },
  }
}

const cutOff = () => new Refusal(499, 'The upload was cut off.')
const slow = (what: string) => new Refusal(408, `The upload was ended: ${what}. Send it again.`)

export const tooLarge = ({ bodyBytes }: BodyLimits) =>
  refuseTooLarge(
    `The body is too large: a file in one request, and each part of an upload, may have ${bodyBytes} bytes.`,
  )
