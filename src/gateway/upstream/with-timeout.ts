/** What the promise gives, or null when that takes longer. It goes on all the same. */
export async function withTimeout<T extends object>(
  promise: Promise<T>,
  timeoutMs: number,
): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), timeoutMs)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
