/** `space serve`: the supervisor, or, started by it with `--role`, one of the two processes it keeps alive. */
import { ConfigError, type ServerConfig, hostEnvironment, readServerConfig } from './config/index.ts'
import { createLogger } from './log.ts'
import { startGatewayProcess, startPlatformProcess } from './server.ts'
import {
  type Child,
  type ChildMessage,
  DataFolderError,
  explainStartError,
  type Role,
  openDataFolder,
  startChild,
  welcomeScreen,
} from './supervisor/index.ts'

/** Exit codes: 0 stopped, 1 could not start or go on, 2 wrong flags. */
export async function serve(args: readonly string[]): Promise<void> {
  const { role, rest } = takeRole(args)
  try {
    const config = readServerConfig(rest, hostEnvironment())
    await (role ? runRole(role, config) : supervise(config, rest))
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DataFolderError)) throw error
    end(error.message, error instanceof ConfigError ? 2 : 1)
  }
}

async function supervise(config: ServerConfig, args: readonly string[]) {
  using _folder = openDataFolder(config.dataDir, config.runDir)
  const log = createLogger('serve', config.logLevel)
  const stopped = Promise.withResolvers<string | null>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve(null))

  const start = (role: Role) =>
    startChild({
      role,
      command: [process.execPath, import.meta.path, `--role=${role}`, ...args],
      env: childEnvironment(role),
      log,
      onGivenUp: (message) => stopped.resolve(message),
    })
  const platform = start('platform')
  const children: Child[] = [platform]
  platform.ready
    .then(async ({ setupCode, notices }) => {
      const gateway = start('gateway')
      children.unshift(gateway)
      await gateway.ready
      console.log(welcomeScreen({ config, setupCode: setupCode ?? null, notices: notices ?? [] }))
    })
    .catch(() => {})

  const failure = await stopped.promise
  for (const child of children) await child.stop()
  if (failure) end(failure, 1)
}

async function runRole(role: Role, config: ServerConfig) {
  const log = createLogger(role, config.logLevel)
  const stopped = Promise.withResolvers<void>()
  // Ctrl-C reaches the whole foreground group; the parent decides when its children end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => stopped.resolve())
  process.on('disconnect', () => stopped.resolve())
  try {
    await using part =
      role === 'platform' ? await startPlatformProcess(config, log) : await startGatewayProcess(config, log)
    tell({
      kind: 'ready',
      ...('setupCode' in part ? { setupCode: part.setupCode, notices: part.notices } : {}),
    })
    await stopped.promise
  } catch (error) {
    const explanation = error instanceof ConfigError ? error.message : explainStartError(error, config)
    if (!explanation) log.error('could not start', {}, error)
    tell({ kind: 'failed', message: explanation ?? `The ${role} could not start; its error is above.` })
    process.exitCode = 1
  }
  process.disconnect?.()
}

const isForGateway = (name: string) =>
  /^(PATH|HOME|LANG|TZ|XDG_\w+|OWNSPACE_\w+|NO_COLOR)$/.test(name) && name !== 'OWNSPACE_SETUP_CODE'

/** The gateway faces the internet: it is given no secret of the operator. */
function childEnvironment(role: Role): Record<string, string> {
  const all = Object.entries(hostEnvironment()).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return Object.fromEntries(role === 'platform' ? all : all.filter(([name]) => isForGateway(name)))
}

function takeRole(args: readonly string[]): { role: Role | null; rest: string[] } {
  const role = args.find((arg) => arg.startsWith('--role='))?.slice('--role='.length)
  return {
    role: role === 'platform' || role === 'gateway' ? role : null,
    rest: args.filter((arg) => !arg.startsWith('--role=')),
  }
}

const tell = (message: ChildMessage) => process.send?.(message)

function end(message: string, exitCode: number): never {
  console.error(`\n✗ ${message}\n`)
  process.exit(exitCode)
}

if (import.meta.main) await serve(process.argv.slice(2))
