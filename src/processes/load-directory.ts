import { dataKeyEntry, listAllDataKeys } from '../collections/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import { type ProcessRegistry, listAllInstances } from '../instances/index.ts'
import type { Logger } from '../kernel/log.ts'
import { keyEntry, listAllApiKeys } from '../keys/index.ts'
import { listAppSessions } from '../sessions/index.ts'
import type { Database } from '../storage/index.ts'
import type { ServerTables } from '../api/index.ts'

export interface LoadDirectoryDeps {
  readonly db: Database<ServerTables>
  readonly sync: Pick<DirectorySync<unknown>, 'load'>
  readonly registry: Pick<ProcessRegistry, 'entryOf'>
  readonly log: Logger
  readonly now: () => number
}

/** Publishes every instance, key, data key and session of the database, before the first gateway connects. */
export async function loadDirectory({ db, sync, registry, log, now }: LoadDirectoryDeps): Promise<void> {
  for (const instance of await listAllInstances(db))
    // An instance that cannot be published is not served; the others are.
    await sync
      .load([{ op: 'instance.put', instance: registry.entryOf(instance) }])
      .catch((error: unknown) => {
        log.error('instance left out', { instance: instance.id }, error)
      })
  const keys = await listAllApiKeys(db)
  const dataKeys = await listAllDataKeys(db)
  const sessions = await listAppSessions(db, now())
  await sync.load([
    ...keys.map((key) => ({ op: 'key.put', key: keyEntry(key) }) as const),
    ...dataKeys.map((key) => ({ op: 'dataKey.put', key: dataKeyEntry(key) }) as const),
    ...sessions.map((session) => ({ op: 'session.put', session }) as const),
  ])
}
