const POLL_MS = 1

/** What has left a sandboxless app's process group may keep its output open for ever after it has ended. */
export const DRAIN_MS = 5_000

/** Resolves once `probe` says true. Rejects with the reason of `signal` when that comes first. */
export async function pollUntil(probe: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  while (!(await orAborted(probe(), signal))) await orAborted(Bun.sleep(POLL_MS), signal)
}

/** What `value` settles to; rejects with the reason of `signal` when that comes first. */
export async function orAborted<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, value])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** What `value` settles to, or `otherwise` when it takes longer. */
export async function within<T>(value: Promise<T>, limitMs: number, otherwise: T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  const timer = setTimeout(() => resolve(otherwise), limitMs)
  try {
    return await Promise.race([value, promise])
  } finally {
    clearTimeout(timer)
  }
}
