import type { Commit } from '../directory-sync/index.ts'
import type { Database } from '../storage/index.ts'
import { conflict, notFound } from '../kernel/http-error.ts'
import { type InstanceId, type KeyId, digestOf, newId, randomText } from '../kernel/ids.ts'
import type { AppsTables } from '../projects/index.ts'
import type { ApiKey, KeyScope } from './api-key.ts'
import { keyEntry } from './key-entry.ts'

const ANYWHERE: KeyScope = {
  micros: null,
  methods: null,
  paths: null,
  expiresAtMs: null,
  perMinute: null,
  origins: null,
}

/** 43 characters of 62: 256 bits. Without `_`, which divides a key into id and secret. */
const SECRET_LENGTH = 43
const KEYS_MAX = 100
/** An expired key can still be read about for so long. */
const KEPT_EXPIRED_MS = 30 * 24 * 60 * 60 * 1_000

export interface NewApiKey {
  readonly instanceId: InstanceId
  readonly name: string
  readonly scope?: KeyScope
  readonly nowMs: number
}

/** `value` is `<id part>_<secret>`, shown this once (COMPAT 1.5). Throws 409 when the instance has too many keys. */
export async function createApiKey(
  commit: Commit<AppsTables>,
  { instanceId, name, scope = ANYWHERE, nowMs }: NewApiKey,
): Promise<{ key: ApiKey; value: string }> {
  const id = newId<KeyId>('key')
  const value = `${id.slice('key_'.length)}_${randomText(SECRET_LENGTH)}`
  const key = {
    ...scope,
    id,
    instanceId,
    name,
    digest: digestOf(value),
    createdAtMs: nowMs,
    rotatedAtMs: null,
  }
  if ((await listApiKeys(commit.trx, instanceId)).length >= KEYS_MAX)
    throw conflict(`There are ${KEYS_MAX} keys already; delete one first`)
  await commit.trx.insertInto('api_keys').values(rowOf(key)).execute()
  commit.record({ op: 'key.put', key: keyEntry(key) })
  return { key, value }
}

export interface Rotation {
  readonly instanceId: InstanceId
  readonly id: string
  /** How long the old key goes on working beside the new one. */
  readonly overlapMs: number
  readonly nowMs: number
}

/**
 * A new key of the same name and scope, and the old one as it will end; without overlap it has ended. A key is rotated
 * once, so that of two attempts no end can be taken back. Throws 404, and 409 the second time or after its end.
 */
export async function rotateApiKey(
  commit: Commit<AppsTables>,
  { instanceId, id, overlapMs, nowMs }: Rotation,
): Promise<{ key: ApiKey; value: string; old: ApiKey }> {
  const known = await requireApiKey(commit.trx, instanceId, id)
  if (known.rotatedAtMs !== null) throw conflict('This key has been rotated already; rotate its successor')
  if (known.expiresAtMs !== null && known.expiresAtMs <= nowMs)
    throw conflict('This key has expired; create a new one')
  const expiresAtMs = Math.min(known.expiresAtMs ?? Infinity, nowMs + overlapMs)
  const old = { ...known, expiresAtMs, rotatedAtMs: nowMs }
  await commit.trx.updateTable('api_keys').set(rowOf(old)).where('id', '=', known.id).execute()
  const created = await createApiKey(commit, { instanceId, name: known.name, scope: scopeOf(known), nowMs })
  commit.record({ op: 'key.put', key: keyEntry(old) })
  return { ...created, old }
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

/** Throws 404 when the instance has no such key. */
export async function requireApiKey(
  db: Database<AppsTables>,
  instanceId: InstanceId,
  id: string,
): Promise<ApiKey> {
  const key = (await listApiKeys(db, instanceId)).find((one) => one.id === id)
  if (!key) throw notFound('There is no such key')
  return key
}

/** Every key of everybody, for the directory. */
export async function listAllApiKeys(db: Database<AppsTables>): Promise<ApiKey[]> {
  return (await db.selectFrom('api_keys').selectAll().execute()).map(apiKeyOf)
}

/** Throws 404 when the instance has no such key. */
export async function deleteApiKey(
  commit: Commit<AppsTables>,
  instanceId: InstanceId,
  id: string,
): Promise<KeyId> {
  const { numDeletedRows } = await commit.trx
    .deleteFrom('api_keys')
    .where('id', '=', id as KeyId)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst()
  if (numDeletedRows !== 1n) throw notFound('There is no such key')
  commit.record({ op: 'key.delete', id })
  return id as KeyId
}

/** Publishes keys that expired in this span once more: gateways then check the streams that they admitted. */
export async function recheckExpiredApiKeys(
  commit: Commit<AppsTables>,
  { afterMs, untilMs }: { afterMs: number; untilMs: number },
): Promise<ApiKey[]> {
  const rows = await commit.trx
    .selectFrom('api_keys')
    .selectAll()
    .where('expires_at_ms', '>', afterMs)
    .where('expires_at_ms', '<=', untilMs)
    .execute()
  const keys = rows.map(apiKeyOf)
  commit.record(...keys.map((key) => ({ op: 'key.put', key: keyEntry(key) }) as const))
  return keys
}

/** Deletes keys that expired long ago, and returns their ids. */
export async function deleteOldApiKeys(commit: Commit<AppsTables>, nowMs: number): Promise<KeyId[]> {
  const rows = await commit.trx
    .deleteFrom('api_keys')
    .where('expires_at_ms', '<=', nowMs - KEPT_EXPIRED_MS)
    .returning('id')
    .execute()
  const ids = rows.map(({ id }) => id)
  commit.record(...ids.map((id) => ({ op: 'key.delete', id }) as const))
  return ids
}

const scopeOf = ({ micros, methods, paths, expiresAtMs, perMinute, origins }: KeyScope): KeyScope => ({
  micros,
  methods,
  paths,
  expiresAtMs,
  perMinute,
  origins,
})

const rowOf = (key: ApiKey): AppsTables['api_keys'] => ({
  id: key.id,
  instance_id: key.instanceId,
  name: key.name,
  digest: key.digest,
  created_at_ms: key.createdAtMs,
  micros: key.micros && JSON.stringify(key.micros),
  methods: key.methods && JSON.stringify(key.methods),
  paths: key.paths && JSON.stringify(key.paths),
  expires_at_ms: key.expiresAtMs,
  per_minute: key.perMinute,
  origins: key.origins && JSON.stringify(key.origins),
  rotated_at_ms: key.rotatedAtMs,
})

const apiKeyOf = (row: AppsTables['api_keys']): ApiKey => ({
  id: row.id,
  instanceId: row.instance_id,
  name: row.name,
  digest: row.digest,
  createdAtMs: row.created_at_ms,
  micros: listOf(row.micros),
  methods: listOf(row.methods),
  paths: listOf(row.paths),
  expiresAtMs: row.expires_at_ms,
  perMinute: row.per_minute,
  origins: listOf(row.origins),
  rotatedAtMs: row.rotated_at_ms,
})

const listOf = (json: string | null): string[] | null =>
  json === null ? null : (JSON.parse(json) as string[])
