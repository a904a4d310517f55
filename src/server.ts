/** All parts of either process, wired in order. */
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { type AccountsTables, accountsMigrations, isSetUp } from './people/index.ts'
import { createLimits, createSetupCode } from './sessions/index.ts'
import { type AppsTables, appsMigrations } from './projects/index.ts'
import {
  requireIdentitySecret,
  createSealer,
  openDatabase,
  openServerKey,
  openFolders,
} from './storage/index.ts'
import { buildRevision } from './builds/index.ts'
import { type ServerConfig, hostEnvironment } from './config/index.ts'
import { createAppHosts, findHairpinRoute, startIdleReaper } from './instances/index.ts'
import { createTxtLookup, startDomainChecks } from './domains/index.ts'
import { startDeployments } from './pushes/index.ts'
import { DirectoryPublisher, DirectoryReplica } from './directory/index.ts'
import { type RunningGateway, startGateway } from './gateway/index.ts'
import type { Logger } from './kernel/log.ts'
import { createHome, createApi, listenForGateways, startSweep } from './api/index.ts'
import { startLedger } from './exposure/index.ts'
import { createBuildRunner, createLocalRunner, detectSandbox, pickBuildEnvironment } from './runner/index.ts'
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

  const databasePath = join(dataDir, 'ownspace.db')
  const sealer = createSealer(openServerKey(join(dataDir, 'server.key'), databasePath))
  const migrations = [...accountsMigrations, ...appsMigrations]
  const db = parts.use(await openDatabase<AccountsTables & AppsTables>(databasePath, migrations))
  const identitySecret = await requireIdentitySecret(db, sealer)
  const directory = parts.use(
    new DirectoryPublisher({ gateways: config.workers, identitySecret, log: log.child('directory') }),
  )

  const sandbox = await detectSandbox(config.sandbox)
  const logsDir = join(dataDir, 'logs')
  const runner = parts.use(
    createLocalRunner({ sandbox, logsDir, reach: config.microNetwork, log: log.child('runtime') }),
  )
  const buildEnvironment = pickBuildEnvironment(hostEnvironment())
  const run = createBuildRunner({ sandbox, buildEnvironment })
  const builder = { run, cacheDir: join(dataDir, 'cache') }

  const folders = openFolders(dataDir)
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
      lookUpTxt: createTxtLookup({ servers: config.nameServers }),
      log: log.child('deploy'),
    }),
  )

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
  const setupGate = createSetupCode(limits, config.setupCode)
  const deps = {
    ...common,
    version: packageJson.version,
    home: createHome(config),
    ownHosts: config,
    limits,
    setupGate,
    deployments,
    directory,
    sync: deployments.sync,
    readMicroLog: runner.readLog.bind(runner),
    uploadsDir: folders.uploads,
    checksAnswers: config.checksAnswers,
    webDir: join(import.meta.dir, '../dist/web'),
    log: log.child('home'),
  }
  parts.use(startSweep(deps))
  parts.use(startLedger(deps))
  await directory.listen(join(runDir, 'control.sock'))
  parts.use(await listenForGateways(join(runDir, 'home.sock'), createApi(deps)))

  const started = parts.move()
  return {
    setupCode: (await isSetUp(db)) ? null : setupGate.code,
    notices: sandbox.kind === 'walls' ? sandbox.gaps : [sandbox.summary],
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** Gateways answer 503 for a platform that hangs a little before it is killed, so that its clients read a page. */
const HANG_SHARE = 2 / 3

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
      limits: config.limits,
      log,
    }),
  )
  const started = parts.move()
  const close = () => started.disposeAsync()
  return { ...gateway, close, [Symbol.asyncDispose]: close }
}
