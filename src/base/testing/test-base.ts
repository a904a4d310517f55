/**
 * Base over a new store: SQLite files in a folder of their own, or, when `OWNSPACE_TEST_POSTGRES` names a server
 * (tests/stores.test.ts), PostgreSQL. So one suite runs over both.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SQL } from 'bun'
import { silentLogger } from '../../kernel/log.ts'
import {
  type BaseLimits,
  BaseService,
  DEFAULT_BASE_LIMITS,
  type DocumentStore,
  PostgresStore,
  SqliteStore,
  type SqliteStoreOptions,
} from '../index.ts'

const SERVER = process.env.OWNSPACE_TEST_POSTGRES

export const isOnPostgres = SERVER !== undefined

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface TestBase extends AsyncDisposable {
  readonly service: BaseService
  readonly store: DocumentStore
  /** Of the collections, with SQLite. */
  readonly folder: string
  /** Moves the clock of the store. */
  readonly clock: { now: number }
  /** A call of the base `items` in the collection `c0`, with a JSON body. */
  call(method: string, path: string, body?: unknown, where?: Where): Promise<Answer>
  /** With any body. */
  send(method: string, path: string, body: BodyInit | null, where?: Where): Promise<Response>
}

export interface Where {
  readonly collection?: string
  readonly base?: string
  readonly mayWrite?: boolean
}

export interface TestBaseOptions extends Partial<Omit<SqliteStoreOptions, 'folder'>> {
  readonly limits?: Partial<BaseLimits>
  readonly folder?: string
}

export async function openTestBase({ limits, ...options }: TestBaseOptions = {}): Promise<TestBase> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ownspace-base-'))
  const clock = { now: Date.now() }
  const common = { log: silentLogger, now: () => clock.now, ...options }
  const { store, end } = SERVER ? await onPostgres(SERVER, common) : onSqlite(folder, common)
  const service = new BaseService({ store, log: common.log, limits: { ...DEFAULT_BASE_LIMITS, ...limits } })
  const send: TestBase['send'] = async (method, path, body, where = {}) => {
    const init = { method, body, headers: { 'content-type': 'application/json' } }
    return await service.handle({
      request: new Request('http://data/', init),
      collectionId: where.collection ?? 'c0',
      name: where.base ?? 'items',
      path,
      query: '',
      mayWrite: where.mayWrite ?? true,
    })
  }
  return {
    service,
    store,
    folder,
    clock,
    send,
    async call(method, path, body, where) {
      const response = await send(method, path, body === undefined ? null : JSON.stringify(body), where)
      if (!response.headers.get('content-type')?.startsWith('application/json')) throw new Error('not JSON')
      return { status: response.status, body: await response.json() }
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await end()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Common = Omit<SqliteStoreOptions, 'folder'>

const onSqlite = (folder: string, common: Common) => ({
  store: new SqliteStore({ ...common, folder }),
  end: () => {},
})

async function onPostgres(server: string, common: Common) {
  const name = `test_base_${crypto.randomUUID().replaceAll('-', '')}`
  const asAdmin = async (text: string) => {
    await using admin = new SQL({ url: server, max: 1 })
    await admin.unsafe(text)
  }
  await asAdmin(`create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  const config = { url: url.href, connections: 4, withinMs: 30_000 }
  const store = await PostgresStore.open({ ...common, config })
  return { store, end: () => asAdmin(`drop database ${name} with (force)`) }
}
