const LOOK_EVERY_MS = 10

/** Resolves when the probe is true; rejects with `what` if it is not true in time. */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  { withinMs }: { readonly withinMs: number } = { withinMs: 30_000 },
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/**
 * The first result that is not late. For limits of a few milliseconds: a busy machine can exceed them before a client has
 * sent what the test is about. `attempt` then starts again, with a connection of its own.
 */
export async function firstNotLate<T>(
  what: string,
  attempt: () => Promise<T>,
  isLate: (result: T) => boolean,
): Promise<T> {
  let result: T | undefined
  await until(what, async () => !isLate((result = await attempt())))
  return result as T
}

/** What the promise gives; rejects with what did not happen when that takes too long. */
export async function inTime<T>(what: () => string, promise: Promise<T>, withinMs = 30_000): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`did not happen within ${withinMs} ms: ${what()}`)),
    withinMs,
  )
  return await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}
