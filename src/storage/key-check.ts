import type { Kysely } from 'kysely'
import { ConfigError } from '../config/index.ts'
import type { StorageTables } from './schema.ts'
import type { Sealer } from './sealer.ts'

const ROW = 'key_check/1'
const TEXT = 'this key belongs to this database'

/**
 * Makes sure, before anything is served, that the server's key is the one this database was sealed with: a wrong key
 * would show only later, as errors. `readSealed` opens a value that an older version sealed; it is asked once, before
 * the key is taken for the right one. Throws ConfigError.
 */
export async function requireMatchingKey<Tables>(
  database: Kysely<Tables>,
  sealer: Sealer,
  readSealed: () => Promise<unknown>,
): Promise<void> {
  const db = database as unknown as Kysely<StorageTables>
  const check = await db.selectFrom('key_check').select('sealed').executeTakeFirst()
  try {
    if (check) sealer.open(check.sealed, ROW)
    else await readSealed()
  } catch (cause) {
    throw new ConfigError(
      'server.key is not the key of this database.\nRestore server.key and the database from the same backup, then start again.',
      { cause },
    )
  }
  if (check) return
  const values = { only: 1 as const, sealed: sealer.seal(TEXT, ROW) }
  await db.insertInto('key_check').values(values).execute()
}
