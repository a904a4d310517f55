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
    throw conflict(`This app has ${KEYS_MAX} keys already; delete one first`)
  await commit.trx.insertInto('api_keys').values(rowOf(key)).execute()
  commit.record({ op: 'key.put', key: keyEntry(key) })
  return { key, value }
}

export interface Rotation {
  readonly instanceId: InstanceId
  readonly id: string
  /** How long the old key still works beside the new one. */
  readonly overlapMs: number
  readonly nowMs: number
}

/**
 * Makes a new key of the same name and scope, and lets the old one expire after the overlap. A key is rotated once, so
 * that a second rotation cannot postpone its end. Throws 404, and 409 for a key that was rotated or has expired.
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

/** The keys of all instances, for the directory. */
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

/** The key of a row. */
export const apiKeyOf = (row: AppsTables['api_keys']): ApiKey => ({
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
