/** The result of the promise, or null after the timeout. The promise is not cancelled. */
export async function withTimeout<T extends object>(
  promise: Promise<T>,
  timeoutMs: number,
): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), timeoutMs)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
