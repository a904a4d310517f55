import { formatBytes } from '../../disk/index.ts'
import { NoRoom } from '../errors.ts'
import type { Quota } from '../limits.ts'
import type { Scope } from './scope.ts'

export interface Usage {
  readonly files: number
  readonly bytes: number
}

export async function readUsage({ db, collection }: Scope): Promise<Usage> {
  const row = await db
    .selectFrom('drive_usage')
    .select(['files', 'bytes'])
    .where('collection', '=', collection)
    .executeTakeFirst()
  return row ?? { files: 0, bytes: 0 }
}

/** In a transaction. Throws 507 where the quota would be exceeded; less use is never refused. */
export async function addUsage(scope: Scope, change: Usage, quota?: Quota): Promise<void> {
  const before = await readUsage(scope)
  const after = { files: before.files + change.files, bytes: before.bytes + change.bytes }
  if (quota) requireQuota(before, after, quota)
  await scope.db
    .insertInto('drive_usage')
    .values({ collection: scope.collection, ...after })
    .onConflict((conflict) => conflict.column('collection').doUpdateSet(after))
    .execute()
}

export function requireQuota(before: Usage, after: Usage, quota: Quota): void {
  if (after.bytes > before.bytes && after.bytes > quota.bytes)
    throw new NoRoom(
      `The drives of this app may hold ${formatBytes(quota.bytes)}, and hold ${formatBytes(before.bytes)}. Delete files that are no longer needed, then try again.`,
    )
  if (after.files > before.files && after.files > quota.files)
    throw new NoRoom(
      `The drives of this app may hold ${quota.files} files, and hold ${before.files}. Delete files that are no longer needed, then try again.`,
    )
}
