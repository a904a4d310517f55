import type { Database } from '../db/index.ts'
import { notFound } from '../http-error.ts'
import { type InstanceId, type KeyId, digestOf, newId, randomText } from '../ids.ts'
import type { AppsTables } from './schema.ts'

/** A key that a person made for one instance; its secret is known to nobody but them. */
export interface ApiKey {
  readonly id: KeyId
  readonly instanceId: InstanceId
  readonly name: string
  /** `digestOf` the whole value: what a gateway is shown and looks up. */
  readonly digest: string
  readonly createdAtMs: number
}

/** 43 characters of 62: 256 bits. Without `_`, which divides a key into id and secret. */
const SECRET_LENGTH = 43

/** `value` is `<id part>_<secret>`, shown this once (COMPAT 1.5). */
export async function createApiKey(
  db: Database<AppsTables>,
  { instanceId, name, nowMs }: { instanceId: InstanceId; name: string; nowMs: number },
): Promise<{ key: ApiKey; value: string }> {
  const id = newId<KeyId>('key')
  const value = `${id.slice('key_'.length)}_${randomText(SECRET_LENGTH)}`
  const row = { id, instance_id: instanceId, name, digest: digestOf(value), created_at_ms: nowMs }
  await db.insertInto('api_keys').values(row).execute()
  return { key: apiKeyOf(row), value }
}

/** Newest first. */
export async function listApiKeys(db: Database<AppsTables>, instanceId: InstanceId): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('created_at_ms', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(apiKeyOf)
}

export async function listAllApiKeys(db: Database<AppsTables>): Promise<ApiKey[]> {
  return (await db.selectFrom('api_keys').selectAll().execute()).map(apiKeyOf)
}

/** Throws 404 when the instance has no such key. */
export async function deleteApiKey(
  db: Database<AppsTables>,
  instanceId: InstanceId,
  id: string,
): Promise<KeyId> {
  const { numDeletedRows } = await db
    .deleteFrom('api_keys')
    .where('id', '=', id as KeyId)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst()
  if (numDeletedRows !== 1n) throw notFound('There is no such key')
  return id as KeyId
}

const apiKeyOf = (row: AppsTables['api_keys']): ApiKey => ({
  id: row.id,
  instanceId: row.instance_id,
  name: row.name,
  digest: row.digest,
  createdAtMs: row.created_at_ms,
})
