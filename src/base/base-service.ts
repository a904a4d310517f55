import { type DataCall, type DataService, dataError } from '../data-protocol/index.ts'
import { DISK_FULL, isDiskFull } from '../disk/index.ts'
import type { Logger } from '../kernel/log.ts'
import { type Soon, recovering } from '../kernel/soon.ts'
import { runCall } from './calls/route.ts'
import type { DocumentStore } from './documents.ts'
import { BaseFault } from './fault.ts'
import { isLongerThan } from './items/bytes-of-text.ts'
import { fromStored, toStored } from './items/stored-text.ts'
import type { BaseLimits } from './limits.ts'
import { Turns } from '../kernel/turns.ts'

export interface BaseServiceOptions {
  readonly store: DocumentStore
  readonly limits: BaseLimits
  readonly log: Logger
}

/** Base over all collections. */
export class BaseService implements DataService {
  readonly #options: BaseServiceOptions
  readonly #turns = new Turns()

  constructor(options: BaseServiceOptions) {
    this.#options = options
  }

  handle(call: DataCall): Soon<Response> {
    const { store, limits } = this.#options
    const { collectionId, name, request } = call
    if (name === '' || isLongerThan(name, limits.baseNameBytes))
      return dataError(400, `The name of a Base must have 1 to ${limits.baseNameBytes} bytes`)
    return recovering(
      () => runCall({ store, limits, turns: this.#turns, collectionId, base: toStored(name), request }, call),
      (error) => this.#failure(error, collectionId),
    )
  }

  #failure(error: unknown, collection: string): Response {
    if (isDiskFull(error)) {
      this.#options.log.error('the disk is full', { collection })
      return dataError(507, DISK_FULL)
    }
    if (error instanceof BaseFault) {
      if (error.status >= 500) this.#options.log.error(error.message, { collection }, error.cause)
      return dataError(error.status, error.message)
    }
    this.#options.log.error('a call of Base failed', { collection }, error)
    return dataError(500, 'Internal error')
  }

  async names(collectionId: string): Promise<string[]> {
    return await this.#options.store.read(collectionId, async (documents) =>
      documents ? (await documents.names()).map(fromStored) : [],
    )
  }

  async size(collectionId: string): Promise<number> {
    return await this.#options.store.read(collectionId, (documents) => documents?.bytes() ?? 0)
  }

  async copyTo(collectionId: string, folder: string): Promise<void> {
    await this.#options.store.read(collectionId, (documents) => documents?.copyTo(folder))
  }

  close(collectionId: string): Promise<void> {
    return this.#options.store.close(collectionId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.store[Symbol.asyncDispose]()
  }
}
