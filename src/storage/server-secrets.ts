import type { Database } from './database.ts'
import type { Sealer } from './sealer.ts'
import { newSecret } from '../kernel/ids.ts'
import type { StorageTables } from './schema.ts'

const NAME = 'identity'
const ROW = `server_secrets/${NAME}`

/**
 * The secret from which every instance's identity key is derived, as base64url; made at the first call. It is kept
 * sealed, and goes to the gateways, which sign with it.
 */
export async function requireIdentitySecret(db: Database<StorageTables>, sealer: Sealer): Promise<string> {
  await db
    .insertInto('server_secrets')
    .values({ name: NAME, value_sealed: sealer.seal(newSecret(), ROW) })
    .onConflict((clash) => clash.doNothing())
    .execute()
  const { value_sealed } = await db
    .selectFrom('server_secrets')
    .select('value_sealed')
    .where('name', '=', NAME)
    .executeTakeFirstOrThrow()
  return sealer.open(value_sealed, ROW)
}
