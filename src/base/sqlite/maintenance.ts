import type { Reply, Statement } from './maintenance-task.ts'

interface Waiting {
  readonly resolve: (rows: unknown[]) => void
  readonly reject: (error: unknown) => void
}

/** Long work on SQLite files, in a thread of its own that lives as long as there is any. */
export class Maintenance implements Disposable {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0

  /** Runs statements on a second connection, one transaction each. Rejects with the first error, or when the thread dies. */
  run(file: string, statements: readonly Statement[]): Promise<unknown[]> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown[]>()
    const id = (this.#lastId += 1)
    this.#waiting.set(id, { resolve, reject })
    this.#worker ??= this.#start()
    this.#worker.postMessage({ id, file, statements }, [])
    return promise
  }

  #start(): Worker {
    const worker = new Worker(new URL('./maintenance-worker.ts', import.meta.url).href)
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#settle(data))
    worker.addEventListener('error', (event) => this.#end(worker, event.message))
    worker.addEventListener('close', () => this.#end(worker, 'the thread has ended'))
    return worker
  }

  #settle({ id, rows, error }: Reply): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(Object.assign(new Error(error.message), { code: error.code }))
    else waiting?.resolve(rows ?? [])
    if (this.#waiting.size === 0) this[Symbol.dispose]()
  }

  #end(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(new Error(`maintenance of a collection failed: ${reason}`))
  }

  [Symbol.dispose](): void {
    const worker = this.#worker
    if (!worker) return
    this.#end(worker, 'the server stops')
    worker.terminate()
  }
}
