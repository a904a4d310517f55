import { type Kysely, sql } from 'kysely'
import { ConfigError } from '../config/index.ts'
import type { Sealer } from './sealer.ts'

interface KeyCheckTables {
  key_check: { only: 1; sealed: string }
}

const ROW = 'key_check/1'
const TEXT = 'this key belongs to this database'

/**
 * Makes sure that the server's key is the one this database was sealed with, as long as nothing was served: a backup of
 * one without the other would show only later, as errors. Throws ConfigError.
 */
export async function requireMatchingKey<Tables>(database: Kysely<Tables>, sealer: Sealer): Promise<void> {
  const db = database as unknown as Kysely<KeyCheckTables>
  await sql`create table if not exists key_check (only integer primary key check (only = 1), sealed text not null) strict`.execute(
    db,
  )
  const values = { only: 1 as const, sealed: sealer.seal(TEXT, ROW) }
  await db
    .insertInto('key_check')
    .values(values)
    .onConflict((c) => c.doNothing())
    .execute()
  const { sealed } = await db.selectFrom('key_check').select('sealed').executeTakeFirstOrThrow()
  try {
    sealer.open(sealed, ROW)
  } catch (cause) {
    throw new ConfigError('server.key is not the key of this database. Restore both from the same backup.', {
      cause,
    })
  }
}
