import type { OpenCall } from './open-calls.ts'

/** The same stream, which fails once the call is cut. Calls `onEnd` once, however it ends. */
export function guardStream(
  stream: ReadableStream<Uint8Array>,
  call: OpenCall,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await call.guard(reader.read())
          if (!done) return controller.enqueue(value)
          onEnd()
          controller.close()
        } catch (error) {
          onEnd()
          controller.error(error)
          await reader.cancel(error).catch(() => {})
        }
      },
      cancel(reason) {
        onEnd()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
