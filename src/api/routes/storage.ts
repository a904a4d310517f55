import { calls } from '../../contract/index.ts'
import { isNearlyFull } from '../../disk/index.ts'
import { listApps } from '../../projects/index.ts'
import { route } from '../route.ts'

export const storageRoutes = [
  // Of the disk of the whole server; of caches by app only those of the caller's own.
  route(calls.getStorage, async ({ db, pushes }, { caller }) => {
    const { disk, caches } = pushes.storage()
    const apps = await listApps(db, caller.user.id)
    return {
      disk: {
        total_bytes: disk.totalBytes,
        available_bytes: disk.availableBytes,
        used_share: disk.usedShare,
        is_nearly_full: isNearlyFull(disk),
      },
      build_caches: {
        bytes: caches.bytes,
        apps: apps.map(({ id }) => ({ app_id: id, bytes: caches.apps.get(id) ?? 0 })),
      },
    }
  }),
]
