/** What a transaction promises on either database. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type Database, openDatabase, transaction } from './database.ts'
import { createTable, jsonArrayFrom } from './dialect.ts'
import type { Migration } from './migrate.ts'
import { type TestDatabase, openTestDatabase } from './testing/test-database.ts'

interface Tables {
  notes: { id: number; text: string; at_ms: number | null }
}

const NOTES: Migration = {
  name: '2026-01-01-notes-create',
  up: async (db) => {
    await createTable(db, 'notes')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'integer')
      .execute()
  },
}

let database: TestDatabase<Tables>
let db: Database<Tables>
beforeEach(async () => {
  database = await openTestDatabase<Tables>([NOTES])
  db = database.db
})
afterEach(() => database[Symbol.asyncDispose]())

const note = (id: number, at_ms: number | null = null) => ({ id, text: 'a', at_ms })
const notes = () => db.selectFrom('notes').selectAll().orderBy('id').execute()

test('of two that check and then write, the second sees what the first wrote', async () => {
  const addOnce = () =>
    transaction(db, async (trx) => {
      const { count } = await trx
        .selectFrom('notes')
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      if (count === 0) await trx.insertInto('notes').values(note(count)).execute()
      return count
    })
  const counts = await Promise.all(Array.from({ length: 20 }, addOnce))
  expect(counts.toSorted()).toEqual([0, ...Array.from({ length: 19 }, () => 1)])
})

test('what a transaction has read is not changed by a statement outside until it ends', async () => {
  await db.insertInto('notes').values(note(1)).execute()
  const { promise: hasRead, resolve: tellRead } = Promise.withResolvers<void>()
  const reader = transaction(db, async (trx) => {
    const first = await trx.selectFrom('notes').select('text').executeTakeFirstOrThrow()
    tellRead()
    // Enough of a chance for the statement outside to come between.
    for (let turn = 0; turn < 20; turn += 1) await trx.selectFrom('notes').selectAll().execute()
    return [first, await trx.selectFrom('notes').select('text').executeTakeFirstOrThrow()]
  })
  await hasRead
  await db.updateTable('notes').set({ text: 'b' }).execute()
  expect(await reader).toEqual([{ text: 'a' }, { text: 'a' }])
  expect(await notes()).toEqual([{ ...note(1), text: 'b' }])
})

test('a throw keeps nothing, also of a transaction within', async () => {
  const failing = transaction(db, async (outer) => {
    await transaction(outer, (trx) => trx.insertInto('notes').values(note(1)).execute())
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await notes()).toEqual([])
})

test('a statement that fails outside a transaction leaves the connection usable', async () => {
  await db.insertInto('notes').values(note(1)).execute()
  for (let attempt = 0; attempt < 15; attempt += 1)
    await expect(db.insertInto('notes').values(note(1)).execute()).rejects.toThrow()
  await db.insertInto('notes').values(note(2)).execute()
  expect(await notes()).toEqual([note(1), note(2)])
})

describe('values', () => {
  test('times in milliseconds, counts and sums are numbers', async () => {
    const at = Date.UTC(2026, 10, 28)
    await db
      .insertInto('notes')
      .values([note(1, at), note(2, Number.MAX_SAFE_INTEGER), note(3)])
      .execute()
    expect(await notes()).toEqual([note(1, at), note(2, Number.MAX_SAFE_INTEGER), note(3)])
    const { count } = await db
      .selectFrom('notes')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('at_ms', '>', at - 1)
      .executeTakeFirstOrThrow()
    expect(count).toBe(2)
  })

  test('writes tell how many rows they changed', async () => {
    const add = () =>
      db
        .insertInto('notes')
        .values(note(1))
        .onConflict((clash) => clash.doNothing())
        .executeTakeFirstOrThrow()
    expect([(await add()).numInsertedOrUpdatedRows, (await add()).numInsertedOrUpdatedRows]).toEqual([1n, 0n])
    expect((await db.updateTable('notes').set({ text: 'b' }).executeTakeFirstOrThrow()).numUpdatedRows).toBe(
      1n,
    )
    expect(await db.deleteFrom('notes').returning('id').execute()).toEqual([{ id: 1 }])
  })

  test('an empty list has no member', async () => {
    await db.insertInto('notes').values(note(1)).execute()
    expect(await db.selectFrom('notes').select('id').where('id', 'in', []).execute()).toEqual([])
    expect(await db.selectFrom('notes').select('id').where('id', 'not in', []).execute()).toEqual([{ id: 1 }])
  })

  test('rows of a subquery are JSON text, in their order', async () => {
    await db
      .insertInto('notes')
      .values([note(1), note(2), note(3)])
      .execute()
    const { all } = await db
      .selectNoFrom((e) =>
        jsonArrayFrom(db, e.selectFrom('notes').select(['id', 'text']).orderBy('id', 'desc')).as('all'),
      )
      .executeTakeFirstOrThrow()
    expect(JSON.parse(all)).toEqual([3, 2, 1].map((id) => ({ id, text: 'a' })))
  })

  test('a text in a column of numbers is refused', async () => {
    await expect(
      db
        .insertInto('notes')
        .values({ ...note(1), at_ms: 'soon' as never })
        .execute(),
    ).rejects.toThrow()
  })
})

describe('steps', () => {
  const step = (name: string, up: Migration['up'] = async () => {}): Migration => ({ name, up })
  const openChanged = () => openTestDatabase<Tables>([NOTES], { isChanged: true })

  test('are all undone when one fails', async () => {
    await using changed = await openChanged()
    const broken = step('2026-02-01-broken', async (trx) => {
      await trx.schema.dropTable('notes').execute()
      throw new Error('half way')
    })
    await expect(openDatabase(changed.location, [NOTES, broken])).rejects.toThrow('half way')
    expect(await changed.db.selectFrom('notes').selectAll().execute()).toEqual([])
  })

  test('of a newer version are refused', async () => {
    await using changed = await openChanged()
    await (await openDatabase(changed.location, [NOTES, step('2027-new')])).destroy()
    await expect(openDatabase(changed.location, [NOTES])).rejects.toThrow('newer version of Ownspace')
  })

  test('that were divided among modules run together, under the name that they were released with', async () => {
    await using changed = await openChanged()
    const ran: string[] = []
    const part = (name: string): Migration => ({
      ...step(name, async () => void ran.push(name)),
      recordedAs: '2026-02-01-whole',
    })
    const steps = [NOTES, part('2026-02-01-b'), part('2026-02-01-a')]
    await (await openDatabase(changed.location, steps)).destroy()
    await (await openDatabase(changed.location, [NOTES, step('2026-02-01-whole')])).destroy()
    expect(ran).toEqual(['2026-02-01-b', '2026-02-01-a'])
  })
})
