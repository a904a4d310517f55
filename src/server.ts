/** All parts of either process, wired in order. */
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { type AccountsTables, accountsMigrations, hasSeveralPeople, isSetUp } from './people/index.ts'
import { createLimits, createSetupCode } from './sessions/index.ts'
import { type AppsTables, appsMigrations } from './projects/index.ts'
import { type Database, requireIdentitySecret, openState, openFolders } from './storage/index.ts'
import { buildRevision, discardTornCaches, openBuildCaches } from './builds/index.ts'
import { type ServerConfig, type ServerLimits, hostEnvironment } from './config/index.ts'
import { createAppHosts, findHairpinRoute, startIdleReaper } from './instances/index.ts'
import { createTxtLookup, startDomainChecks } from './domains/index.ts'
import { startDiskWatch, startDeployments } from './pushes/index.ts'
import { openDiskGuard } from './disk/index.ts'
import { DirectoryPublisher, DirectoryReplica } from './directory/index.ts'
import { type RunningGateway, startGateway } from './gateway/index.ts'
import type { Logger } from './kernel/log.ts'
import { type PlatformLimits, createHome, createApi, listenForGateways, startSweep } from './api/index.ts'
import { startLedger } from './exposure/index.ts'
import {
  type Sandbox,
  createBuildRunner,
  createLocalRunner,
  detectSandbox,
  pickBuildEnvironment,
} from './runner/index.ts'
import { OpenCertificates } from './tls/index.ts'

export interface RunningPlatform extends AsyncDisposable {
  /** What the owner types at the first visit; null once there is one. */
  readonly setupCode: string | null
  /** What the operator should know. */
  readonly notices: readonly string[]
}

/** Everything that keeps state, behind two sockets in the run folder. Disposing stops it, newest part first. */
export async function startPlatformProcess(config: ServerConfig, log: Logger): Promise<RunningPlatform> {
  const { dataDir, runDir } = config
  await using parts = new AsyncDisposableStack()
  const now = Date.now

  const { reserveBytes, minFreeBytes, keptRevisions } = config.disk
  const disk = openDiskGuard({ dir: dataDir, reserveBytes, minFreeBytes, log: log.child('disk') })
  const { db, sealer } = await openState<AccountsTables & AppsTables>({
    dataDir,
    migrations: [...accountsMigrations, ...appsMigrations],
    readSealed: requireIdentitySecret,
    room: disk,
  })
  parts.use(db)
  const identitySecret = await requireIdentitySecret(db, sealer)
  const directory = parts.use(
    new DirectoryPublisher({ gateways: config.workers, identitySecret, log: log.child('directory') }),
  )

  const sandbox = await detectSandbox(config.sandbox, { refusePlain: () => refusePlain(db, config) })
  const logsDir = join(dataDir, 'logs')
  const runner = parts.use(
    createLocalRunner({
      sandbox,
      logsDir,
      reach: config.microNetwork,
      hasRoomForLogs: disk.hasRoomForLogs,
      limits: { ...config.limits.micros, setUpMs: config.sandboxWithinMs },
      log: log.child('runtime'),
    }),
  )
  const buildEnvironment = pickBuildEnvironment(hostEnvironment())
  const run = createBuildRunner({
    sandbox,
    buildEnvironment,
    limits: { ...config.limits.buildRuns, setUpMs: config.sandboxWithinMs },
  })
  await clearTornCaches(join(dataDir, 'cache'), log.child('builds'))
  const caches = parts.use(
    openBuildCaches({
      dir: join(dataDir, 'cache'),
      appBytes: config.disk.appCacheBytes,
      totalBytes: config.disk.cachesBytes,
      hasRoom: disk.hasRoom,
      log: log.child('builds'),
    }),
  )
  const builder = { run, caches, workBytes: config.disk.buildBytes, limits: config.limits.builds }

  const folders = openFolders(dataDir, {
    walkable: sandbox.kind === 'walls' && !sandbox.host.showsClosedFolders,
  })
  const hosts = createAppHosts({ ...config, door: await findHairpinRoute(config) })
  const common = { db, sealer, hosts, now }
  const deployments = parts.use(
    await startDeployments({
      ...common,
      folders,
      runner,
      publisher: directory,
      identitySecret,
      build: (input) => buildRevision(input, builder),
      caches,
      disk,
      keptRevisions,
      limits: config.limits.deploy,
      lookUpTxt: createTxtLookup({ servers: config.nameServers }),
      log: log.child('deploy'),
    }),
  )

  await disk.replenish()
  parts.use(startDiskWatch({ disk, caches, log: log.child('disk'), now }))

  const { idleAfterMs } = config
  if (idleAfterMs !== null)
    parts.use(
      startIdleReaper({
        sleepIdle: (ms) => deployments.sleepIdle(ms),
        idleAfterMs,
        log: log.child('deploy'),
      }),
    )

  parts.use(startDomainChecks({ domains: deployments.domains, log: log.child('deploy') }))

  const limits = createLimits(now())
  const bounds = platformBounds(config.limits)
  const setupGate = createSetupCode(limits, config.setupCode, (code) =>
    log.error('strangers tried many set-up codes, so a new one replaces yours', { code }),
  )
  const deps = {
    ...common,
    version: packageJson.version,
    home: createHome(config),
    ownHosts: config,
    limits,
    setupGate,
    cliTokenIdleMs: config.cliTokenIdleMs,
    deployments,
    directory,
    sync: deployments.sync,
    readMicroLog: runner.readLog.bind(runner),
    uploadsDir: folders.uploads,
    bounds,
    checksAnswers: config.checksAnswers,
    webDir: join(import.meta.dir, '../dist/web'),
    log: log.child('home'),
  }
  parts.use(startSweep(deps))
  parts.use(startLedger(deps))
  await directory.listen(join(runDir, 'control.sock'))
  parts.use(await listenForGateways(join(runDir, 'home.sock'), createApi(deps), bounds))

  const started = parts.move()
  return {
    setupCode: (await isSetUp(db)) ? null : setupGate.code,
    notices: [...(await noticesOf(sandbox)), ...deployments.notices],
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** Gateways answer 503 for a platform that hangs a little before it is killed, so that its clients read a page. */
const HANG_SHARE = 2 / 3
/** Apps without a sandbox can read each other's data, which only one person may decide for all of them. */
async function refusePlain(
  db: Database<AccountsTables>,
  { withoutSandbox }: ServerConfig,
): Promise<string | null> {
  if (withoutSandbox === 'several-people' || !(await hasSeveralPeople(db))) return null
  return (
    'Nothing starts without a sandbox on a server of several people: an app could read what all others keep. ' +
    'Run npx space doctor for what the sandbox needs, or start the server with --without-sandbox several-people.'
  )
}

async function noticesOf(sandbox: Sandbox): Promise<readonly string[]> {
  if (sandbox.kind === 'walls') return sandbox.gaps
  const refusal = sandbox.kind === 'plain' ? await sandbox.refusal() : null
  return refusal === null ? [sandbox.summary] : [refusal, sandbox.summary]
}

async function clearTornCaches(cacheDir: string, log: Logger): Promise<void> {
  const { names, isDeleted } = await discardTornCaches(cacheDir)
  if (names.length > 0) log.warn('build caches may be torn and start empty', { names: names.join(' ') })
  isDeleted.catch((error: unknown) => log.error('cannot delete old build caches', {}, error))
}

/** An upload is bounded as it comes in, and again as it is unpacked. */
function platformBounds({ platform, builds: { archiveBytes } }: ServerLimits): Partial<PlatformLimits> {
  return archiveBytes === undefined ? platform : { ...platform, archiveBytes }
}

/** The front door: listens as soon as it knows what the platform knows. */
export async function startGatewayProcess(config: ServerConfig, log: Logger): Promise<RunningGateway> {
  await using parts = new AsyncDisposableStack()
  const directory = parts.use(
    new DirectoryReplica({ hangAfterMs: config.hangAfterMs * HANG_SHARE, log: log.child('directory') }),
  )
  directory.connect(join(config.runDir, 'control.sock'))
  await directory.ready
  const { domain, homeHosts, homeOrigin, trustedProxies } = config
  const tls = config.tls && {
    certificates: parts.use(new OpenCertificates({ files: config.tls.files, log: log.child('tls') })),
    httpPort: config.tls.httpPort,
  }
  const gateway = parts.use(
    await startGateway({
      listen: config.listen,
      port: config.port,
      insidePort: config.insidePort,
      tls,
      settings: {
        domain,
        homeHosts,
        homeOrigin,
        trustedProxies,
        scheme: homeOrigin.startsWith('https:') ? 'https' : 'http',
      },
      reusePort: true,
      directory,
      platformSocket: join(config.runDir, 'home.sock'),
      limits: config.limits.gateway,
      log,
    }),
  )
  const started = parts.move()
  const close = () => started.disposeAsync()
  return { ...gateway, close, [Symbol.asyncDispose]: close }
}
