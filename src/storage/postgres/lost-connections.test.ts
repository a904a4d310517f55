/** What holds when connections to the database are lost, and when several servers want it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { DatabaseConfig } from '../../config/index.ts'
import { silentLogger } from '../../kernel/log.ts'
import { until } from '../../kernel/testing/until.ts'
import { createTable } from '../dialect.ts'
import type { Migration } from '../migrate.ts'
import { type PostgresServer, missingPostgres, startPostgres } from '../testing/postgres-server.ts'
import { transaction } from '../transaction.ts'
import { isDatabaseGone } from './errors.ts'
import { openPostgres } from './open.ts'
import { ServerLock } from './server-lock.ts'

interface Tables {
  notes: { id: number }
}

const NOTES: Migration = {
  name: '2026-01-01-notes-create',
  up: (db) =>
    createTable(db, 'notes')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .execute(),
}

if (missingPostgres) console.warn(`SKIPPED: lost connections to PostgreSQL. ${missingPostgres}`)

describe.skipIf(missingPostgres !== null)('on PostgreSQL', () => {
  let server: PostgresServer
  let config: DatabaseConfig
  let count = 0
  beforeAll(async () => void (server = await startPostgres()))
  afterAll(() => server[Symbol.asyncDispose]())
  beforeEach(async () => {
    const name = `test_${(count += 1)}`
    await server.query(`create database ${name}`)
    config = { url: server.url(name), connections: 3, withinMs: 20_000 }
  })

  const cut = (name: string) =>
    server.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`)
  const goneOf = (work: Promise<unknown>) => work.then(() => 'done', isDatabaseGone)

  test('a transaction whose connection is lost keeps nothing, and the next one works', async () => {
    await using db = await openPostgres<Tables>(config, [NOTES])
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const work = transaction(db, async (trx) => {
        await trx.insertInto('notes').values({ id: 1 }).execute()
        await cut('ownspace')
        await trx.insertInto('notes').values({ id: 2 }).execute()
      })
      expect(await goneOf(work)).toBe(true)
    }
    await until('a connection is there again', async () => {
      return (await goneOf(db.insertInto('notes').values({ id: 3 }).execute())) === 'done'
    })
    expect(await db.selectFrom('notes').selectAll().execute()).toEqual([{ id: 3 }])
  })

  test('idle connections that were lost are made again', async () => {
    await using db = await openPostgres<Tables>(config, [NOTES])
    await Promise.all([1, 2, 3].map((id) => db.insertInto('notes').values({ id }).execute()))
    await server.stop()
    expect(await goneOf(db.selectFrom('notes').selectAll().execute())).toBe(true)
    expect(await goneOf(db.insertInto('notes').values({ id: 4 }).execute())).toBe(true)
    await server.start()
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await db.selectFrom('notes').selectAll().execute()).toHaveLength(3)
  })

  test('a writer that takes too long makes the next one fail, not wait for ever', async () => {
    await using db = await openPostgres<Tables>(config, [NOTES])
    await using hasty = await openPostgres<Tables>({ ...config, withinMs: 300 }, [NOTES])
    const blocked = await transaction(db, () => goneOf(hasty.insertInto('notes').values({ id: 1 }).execute()))
    expect(blocked).toBe(true)
    await hasty.insertInto('notes').values({ id: 1 }).execute()
  })

  test('what the operator has set for other programs changes nothing', async () => {
    const name = new URL(config.url).pathname.slice(1)
    await server.query(`alter database ${name} set default_transaction_isolation = 'serializable'`)
    await server.query(`alter database ${name} set default_transaction_read_only = on`)
    await using db = await openPostgres<Tables>(config, [NOTES])
    const addNext = () =>
      transaction(db, async (trx) => {
        const { length } = await trx.selectFrom('notes').selectAll().execute()
        await trx.insertInto('notes').values({ id: length }).execute()
      })
    await Promise.all(Array.from({ length: 10 }, addNext))
    expect(await db.selectFrom('notes').selectAll().execute()).toHaveLength(10)
  })

  test('steps run once when several servers start at the same time', async () => {
    const ran: string[] = []
    const once: Migration = { name: '2026-02-01-once', up: async () => void ran.push('once') }
    const opened = await Promise.all([1, 2, 3].map(() => openPostgres<Tables>(config, [NOTES, once])))
    await Promise.all(opened.map((db) => db.destroy()))
    expect(ran).toEqual(['once'])
  })

  describe('the lock of the one server', () => {
    const take = ({ onTaken = () => {}, withinMs = 1_000 } = {}) =>
      ServerLock.take({ config: { ...config, withinMs }, log: silentLogger, onTaken })
    const holders = async () => {
      const rows = await server.query(
        `select count(*)::int as count from pg_locks where locktype = 'advisory' and objid = 1870097012 and granted`,
      )
      return rows[0]!.count
    }

    test('keeps another one away until it ends', async () => {
      {
        await using _first = await take()
        await expect(take()).rejects.toThrow('is used by another server.\nStop that one')
      }
      await using _second = await take()
    })

    test('is taken again when its connection is lost', async () => {
      await using _lock = await take()
      await cut('ownspace lock')
      await until('the lock is held again', async () => (await holders()) === 1)
      await expect(take()).rejects.toThrow('is used by another server')
    })

    test('ends the server when another one has it then', async () => {
      const taken = Promise.withResolvers<void>()
      await using _lock = await take({ onTaken: taken.resolve })
      const other = take({ withinMs: 20_000 })
      // The other one waits for the lock and has it as soon as the connection is cut.
      await until('the other one waits', async () => {
        const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted`
        return (await server.query(waiting)).length > 0
      })
      await server.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 1870097012 and granted`,
      )
      await using _other = await other
      await taken.promise
    })
  })
})
