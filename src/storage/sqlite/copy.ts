/**
 * Writes a consistent copy of the SQLite file at `path` to `target`, which must not exist, while other connections keep
 * reading and writing. In a worker, because the statement blocks its thread for as long as the copy takes.
 */
export async function copySqlite(path: string, target: string): Promise<void> {
  const worker = new Worker(new URL('./copy-worker.ts', import.meta.url).href)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  worker.addEventListener('message', ({ data }: MessageEvent<string | null>) =>
    data === null ? resolve() : reject(new Error(`${path} could not be copied: ${data}`)),
  )
  worker.addEventListener('error', ({ message }) =>
    reject(new Error(`${path} could not be copied: ${message}`)),
  )
  worker.postMessage({ path, target } satisfies CopyRequest)
  try {
    await promise
  } finally {
    worker.terminate()
  }
}

export interface CopyRequest {
  readonly path: string
  readonly target: string
}
