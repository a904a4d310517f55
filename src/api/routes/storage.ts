import { calls } from '../../contract/index.ts'
import { isNearlyFull } from '../../disk/index.ts'
import { listApps } from '../../projects/index.ts'
import { route } from '../route.ts'

export const storageRoutes = [
  // The disk is that of the whole server; caches by app are those of the caller's apps only.
  route(calls.getStorage, async ({ db, pushes }, { caller }) => {
    const { disk, caches, tools, bounds } = await pushes.storage()
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
      tools: { bytes: tools.bytes, names: [...tools.names] },
      limits: {
        build_bytes: finite(bounds.buildBytes),
        build_memory_bytes: bounds.memoryBytes,
        build_processes: bounds.processes,
        build_lines: bounds.outputLines,
        install_ms: bounds.installMs,
        build_ms: bounds.commandsMs,
        app_cache_bytes: finite(bounds.appCacheBytes),
        build_caches_bytes: finite(bounds.cachesBytes),
        tools_bytes: finite(bounds.toolsBytes),
      },
    }
  }),
]

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
