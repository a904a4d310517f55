import { Worker } from 'node:worker_threads'
import { syncFile } from '../../kernel/durable.ts'

export interface CopyRequest {
  readonly path: string
  readonly target: string
}

/**
 * Writes a consistent copy of the SQLite file at `path` to `target`, which must not exist, while other connections keep
 * reading and writing. In a thread of its own: the statement blocks for as long as the copy takes.
 */
export async function copySqlite(path: string, target: string): Promise<void> {
  const request: CopyRequest = { path, target }
  const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { workerData: request })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (reason: string, cause?: unknown) =>
    reject(new Error(`${path} could not be copied: ${reason}`, { cause }))
  worker.on('error', (error: Error) => fail(error.message, error))
  worker.on('exit', (code) => (code === 0 ? resolve() : fail(`the thread ended with ${code}`)))
  await promise
  await syncFile(target)
}
