import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { sql } from 'kysely'
import { canMount, openSmallDisk } from '../disk/testing/small-disk.ts'
import { openDiskGuard } from '../disk/index.ts'
import { silentLogger } from '../kernel/log.ts'
import { openDatabase, transaction } from './database.ts'
import type { Migration } from './migrate.ts'

interface Tables {
  notes: { text: string }
}

const NOTES: Migration = {
  name: '2026-01-01-notes-create',
  up: async (db) => {
    await sql`create table notes (text text not null) strict`.execute(db)
  },
}
const LONG = 'x'.repeat(50_000)

describe.skipIf(!canMount())('on a full disk', () => {
  test('a transaction fails with the error that ended it, not with the rollback', async () => {
    using disk = openSmallDisk(4)!
    await using db = await openDatabase<Tables>(join(disk.dir, 'a.db'), [NOTES])
    disk.fill()
    const write = transaction(db, async (trx) => {
      for (let count = 0; count < 20; count += 1)
        await trx.insertInto('notes').values({ text: LONG }).execute()
    })
    await expect(write).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    expect(await db.selectFrom('notes').selectAll().execute()).toEqual([])
  })

  test('after which the database can be written again as soon as there is room', async () => {
    using disk = openSmallDisk(4)!
    await using db = await openDatabase<Tables>(join(disk.dir, 'a.db'), [NOTES])
    disk.fill()
    const write = () => transaction(db, (trx) => trx.insertInto('notes').values({ text: LONG }).execute())
    await expect(write()).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    disk.clear()
    await write()
    expect(await db.selectFrom('notes').selectAll().execute()).toHaveLength(1)
  })

  test('the reserve makes room for transactions and for statements alone', async () => {
    using disk = openSmallDisk(8)!
    const guard = openDiskGuard({ dir: disk.dir, reserveBytes: 3e6, minFreeBytes: 1e6, log: silentLogger })
    await guard.replenish()
    await using db = await openDatabase<Tables>(join(disk.dir, 'a.db'), [NOTES], { room: guard })
    disk.fill()
    await db.insertInto('notes').values({ text: LONG }).execute()
    await transaction(db, (trx) => trx.insertInto('notes').values({ text: LONG }).execute())
    await db.insertInto('notes').values({ text: LONG }).returningAll().execute()
    expect(await db.selectFrom('notes').selectAll().execute()).toHaveLength(3)
  })
})
