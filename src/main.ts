/** `space serve`: the supervisor, or, started by it with `--role`, one of the child processes that it restarts. */
import {
  ConfigError,
  type ServerConfig,
  hostEnvironment,
  readServerConfig,
  shownPasswordNotice,
  withoutDatabase,
} from './config/index.ts'
import { type Logger, createLogger } from './kernel/log.ts'
import {
  type Child,
  type ChildMessage,
  DataFolderError,
  type GatewayPool,
  type ParentMessage,
  RETIRE_SIGNAL,
  type ReadyMessage,
  type Role,
  checkCertificates,
  childGrace,
  claimPorts,
  createGatewayPool,
  explainStartError,
  openDataFolder,
  startChild,
  startBanner,
} from './launcher/index.ts'
import { CertificateError } from './tls/index.ts'

/** Exit codes: 0 stopped, 1 could not start, 2 wrong flags. */
export async function serve(args: readonly string[]): Promise<void> {
  const { role, rest } = takeRole(args)
  const config = configOrEnd(rest)
  try {
    await (role ? runRole(role, config) : supervise(config, rest))
  } catch (error) {
    const explanation = explain(error, config)
    if (explanation) end(explanation, 1)
    throw error
  }
}

function configOrEnd(args: readonly string[]): ServerConfig {
  try {
    return readServerConfig(args, hostEnvironment())
  } catch (error) {
    if (error instanceof ConfigError) end(error.message, 2)
    throw error
  }
}

async function supervise(wanted: ServerConfig, args: readonly string[]) {
  using _folder = openDataFolder(wanted.dataDir, wanted.runDir)
  const certificateNotices = checkCertificates(wanted)
  const exactArgs = [...args, ...claimPorts(wanted)]
  const config = readServerConfig(exactArgs, hostEnvironment())
  const passwordNotice = shownPasswordNotice(args, config)
  const log = createLogger('serve', config.logLevel)
  const stopped = Promise.withResolvers<string | null>()
  let isEnding = false
  void stopped.promise.then(() => (isEnding = true))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve(null))
  // Read now: once the terminal is closed, which also sends SIGHUP, this is no longer true.
  const hasTerminal = process.stdin.isTTY

  const start = (role: Role) =>
    startChild({
      role,
      command: [process.execPath, import.meta.path, `--role=${role}`, ...withoutDatabase(exactArgs)],
      env: (before) => childEnvironment(role, config, before),
      log,
      hangAfterMs: config.hangAfterMs,
      grace: childGrace(config.limits),
      isEnding: () => isEnding,
    })
  const platform = start('platform')
  // Not before the platform, which makes its certificate; later each of them restarts by itself.
  const late: { data?: Child } = {}
  const gateways = createGatewayPool(config.workers, () => start('gateway'))
  const run = async () => {
    const { setupCode, notices = [] } = await platform.ready
    if (isEnding) return
    late.data = start('data')
    await Promise.all([gateways.start(), late.data.ready])
    const facts = {
      config,
      setupCode: setupCode ?? null,
      notices: [...notices, ...certificateNotices, ...(passwordNotice ? [passwordNotice] : [])],
    }
    console.log(startBanner(facts))
  }
  // A failure of the first start ends the server; after that each child is restarted until it runs.
  void run().catch((error: Error) => stopped.resolve(error.message))
  process.on('SIGHUP', () => {
    if (hasTerminal) stopped.resolve(null)
    else
      reload(gateways, config, (reason) => isEnding || log.error('the gateways stay as they are', { reason }))
  })

  const failure = await stopped.promise
  await gateways.stop()
  await platform.stop()
  // Last: apps may store something when they are stopped.
  await late.data?.stop()
  if (failure) end(failure, 1)
}

/** Replaces the gateways, unless the certificates are not valid now, so that new gateways could not start. */
function reload(gateways: GatewayPool, config: ServerConfig, onKept: (reason: string) => void) {
  try {
    // Running gateways have working certificates in memory; new gateways would read the files as they are now.
    checkCertificates(config)
    gateways.reload().catch((error: Error) => onKept(error.message))
  } catch (error) {
    onKept((error as Error).message)
  }
}

async function runRole(role: Role, config: ServerConfig) {
  const log = createLogger(role, config.logLevel)
  const stopped = Promise.withResolvers<void>()
  // Ctrl-C and a closed terminal reach the whole foreground group; the parent decides when its children end.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  const replaced = Promise.withResolvers<void>()
  process.on('SIGTERM', () => stopped.resolve())
  process.on(RETIRE_SIGNAL, () => replaced.resolve())
  process.on('disconnect', () => stopped.resolve())
  process.on('message', ({ kind }: ParentMessage) => kind === 'ping' && tell({ kind: 'pong' }))
  try {
    await using part = await startPart(role, config, log)
    tell({
      kind: 'ready',
      ...('setupCode' in part ? { setupCode: part.setupCode, notices: part.notices } : {}),
    })
    const retired = replaced.promise.then(() => ('retire' in part ? part.retire() : undefined))
    await Promise.race([stopped.promise, retired])
  } catch (error) {
    const explanation = explain(error, config)
    if (!explanation) log.error('could not start', {}, error)
    tell({ kind: 'failed', message: explanation ?? `The ${role} could not start; its error is above.` })
    process.exitCode = 1
  }
  process.disconnect?.()
}

/** Each process loads only its own parts, so that supervisor and gateways stay small. */
async function startPart(role: Role, config: ServerConfig, log: Logger) {
  if (role === 'data') return (await import('./processes/data.ts')).startDataProcess(config, log)
  if (role === 'platform') return (await import('./processes/platform.ts')).startPlatformProcess(config, log)
  return (await import('./processes/gateway.ts')).startGatewayProcess(config, log)
}

/** The message for a mistake of the user; null: a defect of ours, or of the machine. */
function explain(error: unknown, config: ServerConfig): string | null {
  const isTheirs = [ConfigError, DataFolderError, CertificateError].some((kind) => error instanceof kind)
  return isTheirs ? (error as Error).message : explainStartError(error, config)
}

const ROLES: readonly Role[] = ['platform', 'gateway', 'data']

const SECRETS = ['OWNSPACE_SETUP_CODE', 'OWNSPACE_DATABASE', 'OWNSPACE_DATA_DATABASE']

const isForFront = (name: string) =>
  /^(PATH|HOME|LANG|TZ|XDG_\w+|OWNSPACE_\w+|NO_COLOR)$/.test(name) && !SECRETS.includes(name)

/**
 * Gateway and data process face the internet, so they get no secret of the operator. A platform that is restarted keeps the set-up
 * code that was printed at start.
 */
function childEnvironment(
  role: Role,
  { database, data }: ServerConfig,
  before: ReadyMessage | null,
): Record<string, string> {
  const all = Object.entries(hostEnvironment()).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const front = () => Object.fromEntries(all.filter(([name]) => isForFront(name)))
  if (role === 'gateway') return front()
  // It alone opens the stores of collections.
  if (role === 'data') return { ...front(), OWNSPACE_DATA_DATABASE: data.database?.url ?? '' }
  const code = before?.setupCode
  return {
    ...Object.fromEntries(all),
    ...(code ? { OWNSPACE_SETUP_CODE: code } : {}),
    // The flag wins over the variable; empty is none.
    OWNSPACE_DATABASE: database?.url ?? '',
    OWNSPACE_DATA_DATABASE: '',
  }
}

function takeRole(args: readonly string[]): { role: Role | null; rest: string[] } {
  const role = args.find((arg) => arg.startsWith('--role='))?.slice('--role='.length)
  return {
    role: ROLES.find((known) => known === role) ?? null,
    rest: args.filter((arg) => !arg.startsWith('--role=')),
  }
}

const tell = (message: ChildMessage) => process.send?.(message)

function end(message: string, exitCode: number): never {
  console.error(`\n✗ ${message}\n`)
  process.exit(exitCode)
}

if (import.meta.main) await serve(process.argv.slice(2))
