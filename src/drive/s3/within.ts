import { StoreFailed } from '../errors.ts'

/** Rejects with StoreFailed when the store does not answer in time; its late answer is ignored. */
export async function within<T>(request: Promise<T>, ms: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new StoreFailed(`the S3 store did not answer ${what} within ${ms / 1000} s`)),
    ms,
  )
  try {
    return await Promise.race([request, late.promise])
  } catch (error) {
    if (error instanceof StoreFailed || isGone(error) || isBehindEnd(error)) throw error
    throw new StoreFailed(`the S3 store failed at ${what}: ${(error as Error).message}`, error)
  } finally {
    clearTimeout(timer)
  }
}

const GONE = new Set(['NoSuchKey', 'NotFound', 'ERR_S3_FILE_NOT_FOUND'])

/** Whether there is no such object. */
export const isGone = (error: unknown): boolean =>
  GONE.has(String((error as { code?: unknown } | null)?.code))

/** Whether the range begins behind the end of the object. */
export const isBehindEnd = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'InvalidRange'
