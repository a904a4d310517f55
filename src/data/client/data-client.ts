import { HttpError, conflict } from '../../kernel/http-error.ts'
import { type PlatformQuestion, SERVICE_HEADER, TARGET_HEADER } from '../doors/platform-door.ts'
import type { Moved, Place } from '../places.ts'
import type { ServiceName } from '../services.ts'

/** A call of Base or Drive by the platform. */
export interface PlatformCall {
  readonly service: ServiceName
  readonly collectionId: string
  readonly name: string
  readonly method: string
  /** What follows the name, percent-encoded, with its query: `/items/a%2Fb`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyInit | null
  readonly signal?: AbortSignal
}

/** The platform's end of data-admin.sock. Every method throws 503 while the data process does not run. */
export class DataClient {
  readonly #socketPath: string

  constructor(socketPath: string) {
    this.#socketPath = socketPath
  }

  /** Names of its Bases and Drives, in byte order. */
  names(collectionId: string): Promise<{ readonly bases: string[]; readonly drives: string[] }> {
    return this.#ask({ ask: 'names', collectionId })
  }

  /** Bytes that the collection takes up; 0 when it has no files. */
  size(collectionId: string): Promise<number> {
    return this.#ask({ ask: 'size', collectionId })
  }

  /** Writes a consistent copy into `folder`, which must not exist, while calls continue. */
  copyTo(collectionId: string, folder: string): Promise<void> {
    return this.#ask({ ask: 'copyTo', collectionId, folder })
  }

  /** Makes the collection `as`, which has no files yet, a copy of this one at one moment, while calls continue. */
  copyAs(collectionId: string, as: string): Promise<void> {
    return this.#ask({ ask: 'copyAs', collectionId, as })
  }

  /** Takes its items or files to another store, while it can be read. Throws HttpError 409 when it cannot be moved. */
  move(collectionId: string, to: Partial<Place>): Promise<Moved> {
    return this.#ask({ ask: 'move', collectionId, to })
  }

  /** Waits for running calls and closes the files; later calls open them again. */
  close(collectionId: string): Promise<void> {
    return this.#ask({ ask: 'close', collectionId })
  }

  /** Resolves when the files are gone and a power cut cannot bring them back; also when there were none. */
  erase(collectionId: string): Promise<void> {
    return this.#ask({ ask: 'erase', collectionId })
  }

  /** The caller has checked whose the collection is. The answer is that of Base or Drive. */
  call({
    service,
    collectionId,
    name,
    method,
    path,
    headers,
    body,
    signal,
  }: PlatformCall): Promise<Response> {
    return this.#send({
      method,
      headers: {
        ...headers,
        [SERVICE_HEADER]: service,
        [TARGET_HEADER]: `/v1/${collectionId}/${encodeURIComponent(name)}${path}`,
      },
      body,
      signal,
    })
  }

  async #ask<Answer>(question: PlatformQuestion): Promise<Answer> {
    const response = await this.#send({ method: 'POST', body: JSON.stringify(question) })
    if (response.ok) return (await response.json()) as Answer
    const { errors } = (await response.json()) as { errors: string[] }
    if (response.status === 409) throw conflict(errors.join('; '))
    throw new Error(`the data process failed (${question.ask}): ${errors.join('; ')}`)
  }

  async #send(init: RequestInit): Promise<Response> {
    // Copying or erasing a large collection takes minutes. Bun's types do not declare both options.
    const options: object = { unix: this.#socketPath, timeout: false }
    try {
      return await fetch('http://data/', { ...init, ...options })
    } catch (cause) {
      throw new HttpError(
        503,
        'unavailable',
        'The data of apps is not available now. Try again in a moment.',
        {
          cause,
          retryAfterSeconds: 1,
        },
      )
    }
  }
}
