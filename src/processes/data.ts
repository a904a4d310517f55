/** The data process: it alone opens the files of collections. No database of the server, and no secret of it. */
import { join } from 'node:path'
import type { ServerConfig } from '../config/index.ts'
import { DATA_LIMITS, startData } from '../data/index.ts'
import { DataKeyReplica } from '../directory/index.ts'
import type { Logger } from '../kernel/log.ts'
import { openDataServices } from './data-services.ts'
import { sandboxDoorOf } from './data-door-paths.ts'

export interface RunningData extends AsyncDisposable {
  /** Resolves when data keys can be judged. */
  readonly keysLoaded: Promise<void>
}

/** Listens at once: until its copy of the data keys is complete, keys are answered with 503. */
export async function startDataProcess(config: ServerConfig, log: Logger): Promise<RunningData> {
  const { dataDir, runDir, limits } = config
  await using parts = new AsyncDisposableStack()
  const keys = parts.use(new DataKeyReplica({ hangAfterMs: config.hangAfterMs, log: log.child('directory') }))
  keys.connect(join(runDir, 'control.sock'))
  const collectionsDir = join(dataDir, 'collections')
  const dataLimits = { ...DATA_LIMITS, ...limits.data }
  const services = parts.use(
    await openDataServices({
      collectionsDir,
      outside: config.data,
      limits: dataLimits,
      minFreeBytes: config.disk.minFreeBytes,
      log,
    }),
  )
  parts.use(
    await startData({
      services,
      places: services.places,
      keys,
      collectionsDir,
      runDir,
      sandboxes: config.sandbox === 'off' ? null : sandboxDoorOf(config),
      limits: dataLimits,
      log: log.child('doors'),
    }),
  )
  const started = parts.move()
  return { keysLoaded: keys.ready, [Symbol.asyncDispose]: () => started.disposeAsync() }
}
