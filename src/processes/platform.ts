/** The platform process: all state, builds, the processes of apps, and the API, behind two sockets in the run folder. */
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import {
  type ApiLimits,
  type ServerTables,
  createApi,
  createHome,
  listenForGateways,
  serverMigrations,
} from '../api/index.ts'
import { Backups, startIntervalBackups } from '../backups/index.ts'
import { buildBoundsOf, createPackageAudit, provideForMicros } from '../builds/index.ts'
import { CollectionService, completeDataKeys } from '../collections/index.ts'
import { type ServerConfig, type ServerLimits, hostEnvironment } from '../config/index.ts'
import { DATA_LIMITS, DataClient, PLATFORM_SOCKET } from '../data/index.ts'
import { DirectoryPublisher } from '../directory/index.ts'
import { DirectorySync } from '../directory-sync/index.ts'
import { openDiskGuard } from '../disk/index.ts'
import { createDomains, createTxtLookup, startDomainChecks } from '../domains/index.ts'
import { startUsageRecorder } from '../exposure/index.ts'
import {
  InstanceProcesses,
  InstanceService,
  ProcessRegistry,
  createAppHosts,
  findHairpinRoute,
  startIdleReaper,
} from '../instances/index.ts'
import { createKeyedQueue } from '../kernel/keyed-queue.ts'
import type { Logger } from '../kernel/log.ts'
import { isSetUp } from '../people/index.ts'
import { createLocalRunner, pickBuildEnvironment } from '../runner/index.ts'
import { createLimits, createSetupCode } from '../sessions/index.ts'
import { openFolders, openState, requireIdentitySecret } from '../storage/index.ts'
import { createBuilder, openCaches, openTools } from './builder.ts'
import { startExpiry } from './expire.ts'
import { loadDirectory } from './load-directory.ts'
import { openDataDoor } from './data-door.ts'
import { openSandbox, sandboxNotices } from './sandbox.ts'
import { IMPORT_LIMITS, type ImportLimits } from '../transfers/index.ts'
import { PUSH_LIMITS, Pushes, clearSpareFiles, runStartChecks, startDiskWatch } from '../pushes/index.ts'

export interface RunningPlatform extends AsyncDisposable {
  /** What the owner types at the first visit; null once there is an owner. */
  readonly setupCode: string | null
  /** What the operator should know. */
  readonly notices: readonly string[]
}

/** Starts every part, in order. Disposing stops them, the last one first. */
export async function startPlatformProcess(config: ServerConfig, log: Logger): Promise<RunningPlatform> {
  const { dataDir, runDir } = config
  const pushLimits = { ...PUSH_LIMITS, ...config.limits.pushes }
  const apiLimits = apiLimitsOf(config.limits)
  const pushLog = log.child('pushes')
  const apiLog = log.child('api')
  const now = Date.now
  await using parts = new AsyncDisposableStack()

  // State.
  const { reserveBytes, minFreeBytes, keptRevisions } = config.disk
  const disk = openDiskGuard({
    dir: dataDir,
    // The reserve is for a database that lies beside it.
    reserveBytes: config.database ? 0 : reserveBytes,
    minFreeBytes,
    log: log.child('disk'),
  })
  const { db, sealer, lock } = await openState<ServerTables>({
    dataDir,
    database: config.database,
    migrations: serverMigrations,
    readSealed: requireIdentitySecret,
    room: disk,
    log: log.child('database'),
    onTaken: () => process.kill(process.pid, 'SIGTERM'),
  })
  parts.use(lock)
  parts.use(db)
  const identitySecret = await requireIdentitySecret(db, sealer)

  // What runs apps and builds.
  const publisher = parts.use(
    new DirectoryPublisher({
      gateways: config.workers,
      data: 1,
      identitySecret,
      log: log.child('directory'),
    }),
  )
  const sandbox = await openSandbox(config, db)
  const tools = await openTools(config, disk, log.child('builds'))
  const buildEnvironment = pickBuildEnvironment(hostEnvironment())
  const dataDoor =
    sandbox.kind === 'sandboxed'
      ? parts.use(await openDataDoor(config, buildEnvironment, log.child('data'))).door
      : null
  const runner = parts.use(
    createLocalRunner({
      sandbox,
      logsDir: join(dataDir, 'logs'),
      reach: config.microNetwork,
      hasRoomForLogs: disk.hasRoomForLogs,
      limits: { ...config.limits.micros, setUpMs: config.sandboxWithinMs },
      buildLimits: { ...config.limits.buildRuns, setUpMs: config.sandboxWithinMs },
      provideTools: provideForMicros(tools),
      buildEnvironment,
      dataDoor,
      log: log.child('runner'),
    }),
  )
  const caches = parts.use(await openCaches(config, disk, log.child('builds')))
  const isSandboxed = sandbox.kind === 'sandboxed'
  const build = await createBuilder(config, { runner, caches, tools, isSandboxed })
  const folders = openFolders(dataDir, {
    walkable: sandbox.kind === 'sandboxed' && !sandbox.host.showsClosedFolders,
  })

  // What gateways decide from.
  const hosts = createAppHosts({
    domain: config.domain,
    homeOrigin: config.homeOrigin,
    hairpin: await findHairpinRoute(config),
  })
  const registry = new ProcessRegistry({ db, hosts, folders })
  const sync = new DirectorySync({ db, publisher, describe: (id) => registry.describe(id) })
  const startNotices = await runStartChecks({ db, folders, log: pushLog, now })
  await clearSpareFiles({ db, folders, caches })
  await completeDataKeys(db, sealer, pushLog)
  await loadDirectory({ db, sync, registry, log: pushLog, now })

  // Subjects.
  const queue = createKeyedQueue({ atOnce: pushLimits.buildsAtOnce, waiting: pushLimits.pushesWaiting })
  const processes = parts.use(
    new InstanceProcesses({
      db,
      sealer,
      folders,
      hosts,
      identitySecret,
      runner,
      publisher,
      sync,
      registry,
      drainMs: pushLimits.drainMs,
      log: pushLog,
      now,
    }),
  )
  const data = new DataClient(join(runDir, PLATFORM_SOCKET))
  const collections = parts.use(
    new CollectionService({
      db,
      sync,
      files: data,
      log: pushLog,
    }),
  )
  const instances = new InstanceService({
    sealer,
    folders,
    sync,
    runner,
    processes,
    collections,
    queue,
    now,
  })
  const pushes = parts.use(
    new Pushes({
      db,
      sealer,
      folders,
      hosts,
      identitySecret,
      build,
      runner,
      processes,
      sync,
      collections,
      queue,
      caches,
      tools,
      audit: createPackageAudit({ dir: join(dataDir, 'cache/tools'), runner, limits: config.limits.audits }),
      buildBounds: buildBoundsOf(config.disk, config.limits.buildRuns, config.limits.builds),
      disk,
      keptRevisions,
      limits: pushLimits,
      log: pushLog,
      now,
    }),
  )
  const lookUpTxt = createTxtLookup({ servers: config.nameServers })
  const domains = createDomains({ db, hosts, sync, lookUpTxt, now })

  // Background work.
  await disk.replenish()
  parts.use(startDiskWatch({ disk, caches, tools, log: log.child('disk'), now }))
  const { idleAfterMs } = config
  if (idleAfterMs !== null) parts.use(startIdleReaper({ processes, idleAfterMs, log: pushLog }))
  parts.use(startDomainChecks({ domains, log: pushLog }))
  parts.use(startExpiry({ db, sync, log: apiLog, now }))
  parts.use(startUsageRecorder({ db, sync, publisher, log: apiLog, now }))

  const backups = await Backups.open({
    dataDir,
    db,
    isDatabaseInFolder: config.database === null,
    certificates: config.tls?.files ?? [],
    data,
    version: packageJson.version,
    log: log.child('backups'),
    now,
  })
  if (config.backup !== null)
    parts.use(startIntervalBackups({ ...config.backup, backups, log: log.child('backups'), now }))

  // The API, and the sockets of the gateways.
  const limits = createLimits(now())
  const setupCode = createSetupCode(limits, config.setupCode, (code) =>
    log.error('strangers tried many set-up codes, so a new one replaces yours', { code }),
  )
  const api = createApi({
    version: packageJson.version,
    home: createHome(config),
    hosts,
    ownHosts: config,
    db,
    sealer,
    limits,
    setupCode,
    pushes,
    instances,
    domains,
    collections,
    data,
    backups,
    importLimits: importLimitsOf(config.limits),
    directory: publisher,
    sync,
    cliTokenIdleMs: config.cliTokenIdleMs,
    readMicroLog: runner.readLog.bind(runner),
    uploadsDir: folders.uploads,
    bounds: apiLimits,
    checksAnswers: config.checksAnswers,
    webDir: join(import.meta.dir, '../../dist/web'),
    log: apiLog,
    now,
  })
  await publisher.listen(join(runDir, 'control.sock'))
  parts.use(await listenForGateways(join(runDir, 'home.sock'), api, apiLimits))

  const started = parts.move()
  return {
    setupCode: (await isSetUp(db)) ? null : setupCode.code,
    notices: [...(await sandboxNotices(sandbox)), ...startNotices],
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** An upload is bounded while it is received, and again while it is unpacked. */
function apiLimitsOf({ api, data, builds: { archiveBytes } }: ServerLimits): Partial<ApiLimits> {
  const { baseBytes, driveBytes } = { ...DATA_LIMITS, ...data }
  const limits = { ...api, collectionBytes: baseBytes + driveBytes }
  return archiveBytes === undefined ? limits : { ...limits, archiveBytes }
}

/** A part of a file is one call of Drive. */
function importLimitsOf({ transfers, data }: ServerLimits): ImportLimits {
  const limits = { ...IMPORT_LIMITS, ...transfers }
  return { ...limits, partBytes: Math.min(limits.partBytes, data.driveBodyBytes ?? limits.partBytes) }
}
