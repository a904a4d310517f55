import { type Database, transaction } from '../storage/index.ts'
import { conflict, notFound } from '../kernel/http-error.ts'
import { type InstanceId, type KeyId, digestOf, newId, randomText } from '../kernel/ids.ts'
import type { AppsTables } from '../projects/index.ts'

/** Where, how and how long a key works; null: no limit beyond the micros that take keys. */
export interface KeyScope {
  readonly micros: readonly string[] | null
  readonly methods: readonly string[] | null
  /** Patterns below the mount of whichever micro serves them. */
  readonly paths: readonly string[] | null
  readonly expiresAtMs: number | null
  readonly perMinute: number | null
  /** Origins of pages that may use it and read the answers (CORS); null: none may read, and none is refused. */
  readonly origins: readonly string[] | null
}

/** A key that a person made for one instance; its secret is known to nobody but them. */
export interface ApiKey extends KeyScope {
  readonly id: KeyId
  readonly instanceId: InstanceId
  readonly name: string
  /** `digestOf` the whole value: what a gateway is shown and looks up. */
  readonly digest: string
  readonly createdAtMs: number
  /** Since when another key takes its place. */
  readonly rotatedAtMs: number | null
}

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
export function createApiKey(
  db: Database<AppsTables>,
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
  return transaction(db, async (trx) => {
    if ((await listApiKeys(trx, instanceId)).length >= KEYS_MAX)
      throw conflict(`There are ${KEYS_MAX} keys already; delete one first`)
    await trx.insertInto('api_keys').values(rowOf(key)).execute()
    return { key, value }
  })
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
export function rotateApiKey(
  db: Database<AppsTables>,
  { instanceId, id, overlapMs, nowMs }: Rotation,
): Promise<{ key: ApiKey; value: string; old: ApiKey }> {
  return transaction(db, async (trx) => {
    const known = (await listApiKeys(trx, instanceId)).find((key) => key.id === id)
    if (!known) throw notFound('There is no such key')
    if (known.rotatedAtMs !== null) throw conflict('This key has been rotated already; rotate its successor')
    if (known.expiresAtMs !== null && known.expiresAtMs <= nowMs)
      throw conflict('This key has expired; create a new one')
    const expiresAtMs = Math.min(known.expiresAtMs ?? Infinity, nowMs + overlapMs)
    const old = { ...known, expiresAtMs, rotatedAtMs: nowMs }
    await trx.updateTable('api_keys').set(rowOf(old)).where('id', '=', known.id).execute()
    return {
      ...(await createApiKey(trx, { instanceId, name: known.name, scope: scopeOf(known), nowMs })),
      old,
    }
  })
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

/** Every key of everybody, for the directory. */
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

/** Keys that ended in this span: whatever they let in must be looked at again. */
export async function listExpiredApiKeys(
  db: Database<AppsTables>,
  { afterMs, untilMs }: { afterMs: number; untilMs: number },
): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('expires_at_ms', '>', afterMs)
    .where('expires_at_ms', '<=', untilMs)
    .execute()
  return rows.map(apiKeyOf)
}

/** Deletes keys that ended long ago, and returns their ids for the gateways to forget. */
export async function deleteOldApiKeys(db: Database<AppsTables>, nowMs: number): Promise<KeyId[]> {
  const rows = await db
    .deleteFrom('api_keys')
    .where('expires_at_ms', '<=', nowMs - KEPT_EXPIRED_MS)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
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
