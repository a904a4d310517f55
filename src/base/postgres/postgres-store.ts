import type { SQL } from 'bun'
import type { DatabaseConfig } from '../../config/index.ts'
import { connectPostgres, isDatabaseGone } from '../../storage/index.ts'
import type { Soon } from '../../kernel/soon.ts'
import type { Documents, DocumentStore } from '../documents.ts'
import { BaseFault } from '../fault.ts'
import { PostgresDocuments } from './postgres-documents.ts'
import { SCHEMA } from './schema.ts'

export interface PostgresStoreOptions {
  readonly config: DatabaseConfig
  /** Of each collection. */
  readonly collectionBytes?: number
  readonly now?: () => number
}

const DEFAULTS = { collectionBytes: Number.POSITIVE_INFINITY, now: Date.now }

/** Collections as rows of one table. */
export class PostgresStore implements DocumentStore {
  readonly #options: Required<PostgresStoreOptions>
  readonly #client: SQL
  readonly #calls = new Set<Promise<unknown>>()

  private constructor(options: Required<PostgresStoreOptions>, client: SQL) {
    this.#options = options
    this.#client = client
  }

  /** Makes the table where it is missing. */
  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    const client = connectPostgres(options.config, { name: 'ownspace base' })
    try {
      await client.unsafe(SCHEMA)
      return new PostgresStore({ ...DEFAULTS, ...options }, client)
    } catch (error) {
      await client.close({ timeout: 0 })
      throw error
    }
  }

  read<T>(collectionId: string, work: (documents: Documents | null) => Soon<T>): Promise<T> {
    return this.#use(collectionId, work)
  }

  write<T>(collectionId: string, work: (documents: Documents) => Promise<T>): Promise<T> {
    return this.#use(collectionId, work)
  }

  async collectionIds(): Promise<string[]> {
    const rows = (await this.#client.unsafe(
      'select distinct collection from base_documents order by collection',
    )) as { collection: string }[]
    return rows.map(({ collection }) => collection)
  }

  /** Deletes all documents of a collection. */
  erase(collectionId: string): Promise<void> {
    return this.#use(collectionId, (documents) => documents.eraseAll())
  }

  sweep(collectionId: string, before: number): Promise<void> {
    return this.#use(collectionId, (documents) => documents.sweep(before))
  }

  /** No collection has anything open here. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#calls)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await this.#client.close()
  }

  async #use<T>(collectionId: string, work: (documents: PostgresDocuments) => Soon<T>): Promise<T> {
    const { collectionBytes, now } = this.#options
    const call = (async () =>
      await work(new PostgresDocuments({ client: this.#client, collectionId, collectionBytes, now })))()
    this.#calls.add(call)
    try {
      return await call
    } catch (error) {
      throw asFault(error)
    } finally {
      this.#calls.delete(call)
    }
  }
}

/** SQLSTATE. */
const DISK_FULL = '53100'
const CANCELED = '57014'

function asFault(error: unknown): unknown {
  if (error instanceof BaseFault) return error
  const state = String((error as { errno?: unknown }).errno)
  if (state === DISK_FULL)
    return Object.assign(new Error('the disk of the database is full', { cause: error }), { code: 'ENOSPC' })
  if (state === CANCELED)
    return new BaseFault(503, 'The database took too long. Ask for less, then try again.', { cause: error })
  if (isDatabaseGone(error))
    return new BaseFault(503, 'The database does not respond. Try again later.', { cause: error })
  return error
}
