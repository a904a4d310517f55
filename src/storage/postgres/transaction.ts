import {
  type AbortableOperationOptions,
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import { isDatabaseGone } from './errors.ts'
import { withNumbers } from './values.ts'

/** Of the whole database: every writer of every server process on it takes this lock until its transaction ends. */
const WRITE_LOCK = CompiledQuery.raw('select pg_advisory_xact_lock(1870097011)')
const BEGIN = CompiledQuery.raw('begin isolation level read committed read write')
const COMMIT = CompiledQuery.raw('commit')
const ROLLBACK = CompiledQuery.raw('rollback')

/**
 * One writer at a time, as on SQLite: a transaction waits for the lock before it reads anything, and each of its
 * statements then sees all that was committed (READ COMMITTED, whatever the database's default), which no other writer changes until it ends. So "check, then
 * write" is right by itself, without retries; a write outside a transaction becomes one. Reads alone wait for nothing.
 */
export class SerialDriver implements Driver {
  readonly #inner: Driver

  constructor(inner: Driver) {
    this.#inner = inner
  }

  init(options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.init(options)
  }

  async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    return new SerialConnection(await this.#inner.acquireConnection(options))
  }

  releaseConnection(connection: DatabaseConnection, options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.releaseConnection(serial(connection).inner, options)
  }

  beginTransaction(connection: DatabaseConnection): Promise<void> {
    return serial(connection).begin()
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return serial(connection).end(COMMIT)
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return serial(connection).end(ROLLBACK)
  }

  destroy(options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.destroy(options)
  }
}

/** Kysely hands back what `acquireConnection` gave. */
const serial = (connection: DatabaseConnection): SerialConnection => connection as SerialConnection

class SerialConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  #isInTransaction = false

  constructor(inner: DatabaseConnection) {
    this.inner = inner
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const isRead = query.query.kind === 'SelectQueryNode'
    if (isRead || this.#isInTransaction) return withNumbers(await this.inner.executeQuery<Row>(query))
    await this.begin()
    try {
      const result = await this.inner.executeQuery<Row>(query)
      await this.end(COMMIT)
      return withNumbers(result)
    } catch (error) {
      await this.end(ROLLBACK)
      throw error
    }
  }

  async begin(): Promise<void> {
    await this.inner.executeQuery(BEGIN)
    this.#isInTransaction = true
    try {
      await this.inner.executeQuery(WRITE_LOCK)
    } catch (error) {
      await this.end(ROLLBACK)
      throw error
    }
  }

  /** The server has rolled back by itself when the connection is lost; the error that lost it is the one to show. */
  async end(how: CompiledQuery): Promise<void> {
    this.#isInTransaction = false
    try {
      await this.inner.executeQuery(how)
    } catch (error) {
      if (how !== ROLLBACK || !isDatabaseGone(error)) throw error
    }
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.inner.streamQuery<Row>(query, chunkSize!)
  }
}
