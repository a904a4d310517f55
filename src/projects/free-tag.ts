import type { Database } from '../storage/index.ts'
import type { AppId, BuildId } from '../kernel/ids.ts'
import { newRevisionTag } from './names.ts'
import type { AppsTables } from './schema.ts'
import { failOperation } from './operations.ts'

/** Frees a tag that a push whose code never came, or a revision that never ran, has. A tag of any other build stays. */
export async function freeTag(trx: Database<AppsTables>, appId: AppId, tag: string): Promise<void> {
  const holder = await trx
    .selectFrom('builds')
    .select(['id', 'status'])
    .where('app_id', '=', appId)
    .where('tag', '=', tag)
    .where('status', 'in', ['pending', 'complete'])
    .executeTakeFirst()
  if (holder?.status === 'pending')
    await failOperation(trx, { table: 'builds', id: holder.id }, 'failed', `A later push took its tag ${tag}`)
  if (holder?.status === 'complete' && !(await hasRunOrWill(trx, holder.id)))
    await trx.updateTable('builds').set({ tag: newRevisionTag() }).where('id', '=', holder.id).execute()
}

/** Whether it serves, a release of it was installed, or a release or an installation is under way. */
async function hasRunOrWill(trx: Database<AppsTables>, id: BuildId): Promise<boolean> {
  const serving = await trx.selectFrom('instances').select('id').where('build_id', '=', id).executeTakeFirst()
  const row = await trx
    .selectFrom('releases')
    .leftJoin('installations', 'installations.release_id', 'releases.id')
    .select('releases.id')
    .where('releases.build_id', '=', id)
    .where((where) =>
      where.or([
        where('releases.status', 'in', ['pending', 'running']),
        where('installations.status', 'in', ['pending', 'running', 'complete']),
      ]),
    )
    .executeTakeFirst()
  return serving !== undefined || row !== undefined
}
