const POLL_MS = 1

/** Without a sandbox, a process that has left the app's process group may keep the app's output open forever. */
export const DRAIN_MS = 5_000

/** Resolves once `probe` returns true. Rejects with the reason of `signal` when the signal aborts first. */
export async function pollUntil(probe: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  while (!(await orAborted(probe(), signal))) await orAborted(Bun.sleep(POLL_MS), signal)
}

/** Settles as `value` does, or rejects with the reason of `signal` when the signal aborts first. */
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

/** Settles as `value` does, or resolves with `otherwise` after `limitMs`. */
export async function within<T>(value: Promise<T>, limitMs: number, otherwise: T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  const timer = setTimeout(() => resolve(otherwise), limitMs)
  try {
    return await Promise.race([value, promise])
  } finally {
    clearTimeout(timer)
  }
}
