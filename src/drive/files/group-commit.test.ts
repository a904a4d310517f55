import { expect, test } from 'bun:test'
import { openTestDatabase } from '../../storage/testing/test-database.ts'
import { Refusal } from '../errors.ts'
import { createGroupCommit } from './group-commit.ts'
import { driveMigrations } from './migrations/index.ts'
import type { DriveTables } from './schema.ts'
import { addUsage, readUsage } from './usage.ts'

const openOne = () => openTestDatabase<DriveTables>(driveMigrations)

test('changes that come together are all there, each with its own result', async () => {
  await using database = await openOne()
  const write = createGroupCommit(database.db)
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      write(async (db) => {
        await addUsage({ db, collection: 'c' }, { files: 1, bytes: index })
        return index
      }),
    ),
  )
  expect(results).toEqual(Array.from({ length: 200 }, (_, index) => index))
  expect(await readUsage({ db: database.db, collection: 'c' })).toEqual({ files: 200, bytes: 19_900 })
})

test.each([
  ['a refusal', new Refusal(507, 'full')],
  ['any other failure', new Error('a disk that fails')],
])('%s takes no other change with it', async (_, failure) => {
  await using database = await openOne()
  const write = createGroupCommit(database.db)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 9 }, (_unused, index) =>
      write(async (db) => {
        await addUsage({ db, collection: 'c' }, { files: 1, bytes: 0 })
        if (index % 3 === 1) throw failure
      }),
    ),
  )
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
    Array.from({ length: 9 }, (_unused, index) => index % 3 !== 1),
  )
  expect(await readUsage({ db: database.db, collection: 'c' })).toEqual({ files: 6, bytes: 0 })
})

test('a failure of the database is the failure of each, and later changes work again', async () => {
  await using database = await openOne()
  const write = createGroupCommit(database.db)
  const broken = () =>
    write((db) =>
      db
        .insertInto('drive_usage')
        .values({ collection: 'c' } as never)
        .execute(),
    )
  const outcomes = await Promise.allSettled([broken(), broken()])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await write((db) => addUsage({ db, collection: 'c' }, { files: 1, bytes: 1 }))
  expect(await readUsage({ db: database.db, collection: 'c' })).toEqual({ files: 1, bytes: 1 })
})
