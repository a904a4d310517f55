/** A database of an earlier version, opened by this one. */
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase } from '../storage/database.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { type ServerTables, serverMigrations } from '../api/schema.ts'
import { listAllApiKeys, rotateApiKey } from './index.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ownspace-migrations-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const before = (name: string) => serverMigrations.filter((migration) => migration.name < name)

test('keys of before pages could use them are for no page in particular, and can be rotated', async () => {
  const path = join(folder, 'ownspace.db')
  const old = await openDatabase<ServerTables>(path, before('2026-11-28'))
  await sql`pragma foreign_keys = off`.execute(old)
  await sql`insert into api_keys (id, instance_id, name, digest, created_at_ms, methods)
    values ('key_1', 'inst_1', 'backup', 'digest', 1, '["GET"]')`.execute(old)
  await old.destroy()

  await using db = await openDatabase<ServerTables>(path, serverMigrations)
  await sql`pragma foreign_keys = off`.execute(db)
  expect(await listAllApiKeys(db)).toMatchObject([{ id: 'key_1', methods: ['GET'], origins: null }])
  const rotation = { instanceId: 'inst_1' as InstanceId, id: 'key_1', overlapMs: 0, nowMs: 2 }
  expect((await inCommit(db, rotateApiKey, rotation)).key.origins).toBeNull()
})
