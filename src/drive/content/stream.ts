export interface StreamOptions {
  readonly first: Uint8Array
  readonly rest: AsyncGenerator<Uint8Array, void, void>
  /** The stream is cut when the reader takes nothing for so long. */
  readonly idleMs: number
  /** Cuts the stream. */
  readonly signal: AbortSignal
  /** Once, however it ends. `failure`: why the reader did not get everything, where it is not the reader's doing. */
  readonly onEnd: (failure: unknown) => void
}

/**
 * The windows as a stream that holds one window and reads the next one ahead. A failure errors the stream, so that the
 * connection is cut and a client never takes a part for the whole.
 */
export function streamOf({ first, rest, idleMs, signal, onEnd }: StreamOptions): ReadableStream<Uint8Array> {
  let isEnded = false
  let next: Promise<IteratorResult<Uint8Array, void>> | null = null
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  const timer = setTimeout(() => cut(new Error('the reader has stalled')), idleMs)
  const onAbort = () => cut(new Error('the stream was cut'))

  function end(failure: unknown = null): void {
    if (isEnded) return
    isEnded = true
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    // Closes the blob that is open.
    const closed = Promise.allSettled([next]).then(() => rest.return())
    closed.catch(() => {}).finally(() => onEnd(failure))
  }
  function cut(error: unknown, failure: unknown = null): void {
    if (isEnded) return
    end(failure)
    controller?.error(error)
  }
  function readAhead(): void {
    next = rest.next()
    // Its failure is seen by the pull that waits for it, or by none after a cut.
    next.catch(() => {})
  }

  signal.addEventListener('abort', onAbort)
  return new ReadableStream<Uint8Array>(
    {
      start(own) {
        controller = own
        if (signal.aborted) onAbort()
      },
      async pull(own) {
        if (isEnded) return
        timer.refresh()
        if (next === null) {
          readAhead()
          return own.enqueue(first)
        }
        try {
          const { done, value } = await next
          if (isEnded) return
          if (done) {
            end()
            return own.close()
          }
          readAhead()
          own.enqueue(value)
        } catch (error) {
          cut(error, error)
        }
      },
      cancel: () => end(),
    },
    { highWaterMark: 0 },
  )
}
