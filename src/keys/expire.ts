import type { Commit } from '../directory-sync/index.ts'
import type { AppsTables } from '../projects/index.ts'
import { apiKeyOf } from './api-keys.ts'
import { keyEntry } from './key-entry.ts'

/** How long an expired key is still listed. */
const KEPT_EXPIRED_MS = 30 * 24 * 60 * 60 * 1_000

/**
 * Publishes the keys that expired after `afterMs` and until `untilMs` once more, so that gateways end the streams that
 * they admitted, and deletes those that expired a month ago.
 */
export async function expireApiKeys(
  commit: Commit<AppsTables>,
  { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
): Promise<void> {
  const expired = await commit.trx
    .selectFrom('api_keys')
    .selectAll()
    .where('expires_at_ms', '>', afterMs)
    .where('expires_at_ms', '<=', untilMs)
    .execute()
  const old = await commit.trx
    .deleteFrom('api_keys')
    .where('expires_at_ms', '<=', untilMs - KEPT_EXPIRED_MS)
    .returning('id')
    .execute()
  commit.record(
    ...expired.map((row) => ({ op: 'key.put', key: keyEntry(apiKeyOf(row)) }) as const),
    ...old.map(({ id }) => ({ op: 'key.delete', id }) as const),
  )
}
