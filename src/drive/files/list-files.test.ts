import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'bun:test'
import { openTestDatabase } from '../../storage/testing/test-database.ts'
import { toBytes, toText } from '../names.ts'
import { listFiles } from './list-files.ts'
import { driveMigrations } from './migrations/index.ts'
import type { DriveTables } from './schema.ts'

/** Counts the rows that queries give. */
function rowCounter() {
  const count = { rows: 0 }
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      count.rows += result.rows.length
      return result
    },
  }
  return { count, plugin }
}

test('a listing reads what it lists: of a large folder, its first names only', async () => {
  await using database = await openTestDatabase<DriveTables>(driveMigrations)
  const drive = toBytes('d')
  for (let folder = 0; folder < 5; folder += 1)
    for (let first = 0; first < 2000; first += 500)
      await database.db
        .insertInto('drive_files')
        .values(
          Array.from({ length: 500 }, (_, index) => ({
            collection: '',
            drive,
            name: toBytes(`folder-${folder}/${first + index}`),
            content: 'x',
            size: 0,
            type: '',
            modified_ms: 0,
          })),
        )
        .execute()
  const { count, plugin } = rowCounter()
  const scope = { db: database.db.withPlugin(plugin), collection: '' }
  const options = {
    drive,
    prefix: toBytes(''),
    last: toBytes(''),
    limit: 3,
    isRecursive: false,
    turn: () => Promise.resolve(),
  }
  const page = await listFiles(scope, options)
  expect(page.names.map(toText)).toEqual(['folder-0/', 'folder-1/', 'folder-2/'])
  expect(page.hasMore).toBe(true)
  expect(count.rows).toBeLessThan(50)
  count.rows = 0
  await listFiles(scope, { ...options, isRecursive: true })
  expect(count.rows).toBe(4)
  count.rows = 0
  await listFiles(scope, { ...options, limit: 1000, isRecursive: false })
  expect(count.rows).toBeLessThan(400)
})
