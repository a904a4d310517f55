import type { Quota } from '../limits.ts'
import { discardContents, findFile, setFile } from './contents.ts'
import type { FileKey, Scope, StoredPart, WriteScope } from './scope.ts'
import { addUsage } from './usage.ts'

export interface UploadKey extends FileKey {
  readonly id: string
}

export interface NewUpload extends UploadKey {
  /** Empty: of the first part that has one. */
  readonly type: string
  readonly nowMs: number
}

/** False: as many uploads are open as may be. */
export function beginUpload(scope: WriteScope, upload: NewUpload, atMost: number): Promise<boolean> {
  return scope.write(async (db) => {
    const { collection } = scope
    const { open } = await db
      .selectFrom('drive_uploads')
      .select((eb) => eb.fn.countAll<number>().as('open'))
      .where('collection', '=', collection)
      .executeTakeFirstOrThrow()
    if (open >= atMost) return false
    const { id, drive, name, type, nowMs } = upload
    await db
      .insertInto('drive_uploads')
      .values({ id, collection, drive, name, type, touched_ms: nowMs })
      .execute()
    return true
  })
}

export interface NewPart {
  readonly number: number
  readonly type: string
  /** Null: the part is empty. */
  readonly stored: StoredPart | null
  readonly nowMs: number
}

/** A part that was sent before is replaced. False: there is no such upload. */
export function addPart(scope: WriteScope, key: UploadKey, part: NewPart, quota: Quota): Promise<boolean> {
  return scope.write(async (db) => {
    const within = { db, collection: scope.collection }
    const upload = await findUpload(within, key)
    if (!upload) return false
    const freed = await dropPart(within, key.id, part.number)
    if (part.stored)
      await db
        .insertInto('drive_parts')
        .values({ content: key.id, part: part.number, ...part.stored })
        .execute()
    await db
      .updateTable('drive_uploads')
      .set({ touched_ms: part.nowMs, type: upload.type || part.type })
      .where('id', '=', key.id)
      .execute()
    await addUsage(within, { files: 0, bytes: (part.stored?.size ?? 0) - freed }, quota)
    return true
  })
}

async function dropPart({ db, collection }: Scope, content: string, part: number): Promise<number> {
  const dropped = await db
    .deleteFrom('drive_parts')
    .where('content', '=', content)
    .where('part', '=', part)
    .returning(['blob', 'size'])
    .executeTakeFirst()
  if (!dropped) return 0
  await db.insertInto('drive_trash').values({ blob: dropped.blob, content, collection }).execute()
  return dropped.size
}

export interface FinishedUpload extends UploadKey {
  /** Where neither the upload nor a part has had one. */
  readonly otherwiseType: string
  readonly nowMs: number
}

/** The parts become the file. False: there is no such upload. True as well for one that is finished: an answer got lost. */
export function finishUpload(scope: WriteScope, upload: FinishedUpload, quota: Quota): Promise<boolean> {
  return scope.write(async (db) => {
    const within = { db, collection: scope.collection }
    const found = await findUpload(within, upload)
    if (!found) return (await findFile(within, upload))?.content === upload.id
    const file = {
      content: upload.id,
      size: await bytesOf(within, upload.id),
      type: found.type || upload.otherwiseType,
      modified_ms: upload.nowMs,
    }
    const replaced = await setFile(within, upload, file)
    await db.deleteFrom('drive_uploads').where('id', '=', upload.id).execute()
    // Its parts were counted when they came.
    await addUsage(within, { files: replaced ? 0 : 1, bytes: -(replaced?.size ?? 0) }, quota)
    return true
  })
}

/** False: there is no such upload. */
export function abortUpload(scope: WriteScope, key: UploadKey): Promise<boolean> {
  return scope.write(async (db) => {
    const within = { db, collection: scope.collection }
    if (!(await findUpload(within, key))) return false
    await discardUpload(within, key.id)
    return true
  })
}

/** Aborts uploads that were not touched since. Resolves with their number. */
export async function expireUploads(
  { db, collection, write }: WriteScope,
  beforeMs: number,
): Promise<number> {
  const expired = await db
    .selectFrom('drive_uploads')
    .select('id')
    .where('collection', '=', collection)
    .where('touched_ms', '<', beforeMs)
    .execute()
  for (const { id } of expired)
    await write(async (trx) => {
      const isStill = await trx
        .selectFrom('drive_uploads')
        .select('id')
        .where('id', '=', id)
        .where('touched_ms', '<', beforeMs)
        .executeTakeFirst()
      if (isStill) await discardUpload({ db: trx, collection }, id)
    })
  return expired.length
}

async function discardUpload(scope: Scope, id: string): Promise<void> {
  const bytes = await bytesOf(scope, id)
  await discardContents(scope, [id])
  await scope.db.deleteFrom('drive_uploads').where('id', '=', id).execute()
  await addUsage(scope, { files: 0, bytes: -bytes })
}

function findUpload({ db, collection }: Scope, { id, drive, name }: UploadKey) {
  return db
    .selectFrom('drive_uploads')
    .select('type')
    .where('id', '=', id)
    .where('collection', '=', collection)
    .where('drive', '=', drive)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Whether the upload is open; for refusing a part before its body is read. */
export const hasUpload = async (scope: Scope, key: UploadKey): Promise<boolean> =>
  (await findUpload(scope, key)) !== undefined

async function bytesOf({ db }: Scope, content: string): Promise<number> {
  const rows = await db.selectFrom('drive_parts').select('size').where('content', '=', content).execute()
  return rows.reduce((sum, { size }) => sum + size, 0)
}
