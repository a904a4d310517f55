import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../storage/database.ts'
import { type UserId, newId } from '../kernel/ids.ts'
import type { AppsTables } from './schema.ts'
import { appsMigrations } from './migrations.ts'
import { createApp } from './apps.ts'
import { createBuild } from './builds.ts'
import { deleteApp, forgetErasures, listFileOwners } from '../pushes/retention.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ownspace-apps-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const open = (migrations = appsMigrations) =>
  openDatabase<AppsTables>(join(folder, 'ownspace.db'), migrations)

test('a database of an older version knows its builds, and remembers from now on what it deletes', async () => {
  const older = await open(appsMigrations.filter(({ name }) => !name.endsWith('-erasures')))
  const app = await createApp(older, { ownerId: newId<UserId>('usr'), name: 'notes', alias: '', nowMs: 1 })
  const { id } = await createBuild(older, { appId: app.id, tag: 'one', autoPwa: true, nowMs: 2 })
  await older.destroy()

  await using db = await open()
  expect(await listFileOwners(db)).toEqual({ complete: new Set(), all: new Set([id]), erased: new Set() })
  await deleteApp(db, app.id)
  expect(await listFileOwners(db)).toEqual({ complete: new Set(), all: new Set(), erased: new Set([id]) })
  await forgetErasures(db)
  expect((await listFileOwners(db)).erased.size).toBe(0)
})
