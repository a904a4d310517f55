import { expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { openTestDatabase } from '../storage/testing/test-database.ts'
import { openDatabase } from '../storage/database.ts'
import { type UserId, newId } from '../kernel/ids.ts'
import { type ServerTables, serverMigrations } from '../api/schema.ts'
import { createApp } from './apps.ts'
import { createBuild } from './builds.ts'
import { deleteApp, forgetErasures, listFileOwners } from '../pushes/retention.ts'

test('a database of an older version knows its builds, and remembers from now on what it deletes', async () => {
  await using database = await openTestDatabase<ServerTables>(
    serverMigrations.filter(({ name }) => !name.endsWith('-erasures')),
  )
  const older = database.db
  const app = await createApp(older, { ownerId: newId<UserId>('usr'), name: 'notes', alias: '', nowMs: 1 })
  const { id } = await createBuild(older, { appId: app.id, tag: 'one', autoPwa: true, nowMs: 2 })
  await older.destroy()

  await using db = await openDatabase<ServerTables>(database.location, serverMigrations)
  expect(await listFileOwners(db)).toEqual({ complete: new Set(), all: new Set([id]), erased: new Set() })
  await inCommit(db, deleteApp, app.id, { keepsData: false })
  expect(await listFileOwners(db)).toEqual({ complete: new Set(), all: new Set(), erased: new Set([id]) })
  await forgetErasures(db)
  expect((await listFileOwners(db)).erased.size).toBe(0)
})
