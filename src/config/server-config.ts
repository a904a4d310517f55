import { createHash } from 'node:crypto'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { LOG_LEVELS, type LogLevel } from '../kernel/log.ts'
import {
  ConfigError,
  LOOPBACK_NAMES,
  oneOf,
  readDomain,
  readDuration,
  readHangAfter,
  readInsidePort,
  readListen,
  readNameServers,
  readProxies,
  readPublicUrl,
  readTimeLimit,
  readWorkers,
} from './readers.ts'
import { type BackupConfig, readBackupConfig } from './backup-config.ts'
import { type DataConfig, readDataConfig } from './data-config.ts'
import { type DatabaseConfig, hidePasswords, readDatabase } from './database-config.ts'
import { readDiskLimits, type DiskLimits } from './disk-limits.ts'
import { SERVER_FLAGS, type ServerFlag } from './server-flags.ts'
import { readServerLimits, type ServerLimits } from './server-limits.ts'
import { readPortAndTls, type TlsConfig } from './tls-config.ts'

export interface ServerConfig {
  /** Everything that must survive: database, revisions, logs. Absolute. */
  readonly dataDir: string
  /** PostgreSQL; null: a SQLite file in the data folder. */
  readonly database: DatabaseConfig | null
  readonly data: DataConfig
  /** Sockets between the processes of the server. Short, because socket paths are limited to about 100 bytes. Absolute. */
  readonly runDir: string
  /** Addresses the front door listens on, without brackets. */
  readonly listen: readonly string[]
  readonly port: number
  /** Of 127.0.0.1: there micros come to the front door, and find apps only. 0: a free one. */
  readonly insidePort: number
  /** Our own TLS; null: the port speaks http, and a proxy in front may end TLS. */
  readonly tls: TlsConfig | null
  /** Base domain, lower-case: Home answers here, apps on one label below it. */
  readonly domain: string
  /** Host names of Home: the domain, and the loopback names for browsers on this machine. */
  readonly homeHosts: readonly string[]
  /** `http://space.localhost:7070`: target of links and redirects to Home. No trailing slash. */
  readonly homeOrigin: string
  /** Addresses and CIDR ranges of proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[]
  /** Name servers that verify custom domains, with port; empty: those of the system. */
  readonly nameServers: readonly string[]
  /** Gateway processes; they share the port. */
  readonly workers: number
  readonly disk: DiskLimits
  /** Null: the server makes no backups by itself. */
  readonly backup: BackupConfig | null
  readonly limits: ServerLimits
  readonly logLevel: LogLevel
  /** Chosen by the operator instead of a random one; only read until the owner exists. */
  readonly setupCode: string | undefined
  /** `require` refuses to run micros without a sandbox; `auto` runs the owner's with a warning. */
  readonly sandbox: 'auto' | 'require' | 'off'
  /** `one-person`: once there is a second account, nothing starts without a sandbox. */
  readonly withoutSandbox: 'one-person' | 'several-people'
  /** Time limit for setting up a sandbox. */
  readonly sandboxWithinMs: number
  /** What micros can reach: the internet only, or also the private network of this machine. */
  readonly microNetwork: 'public' | 'lan'
  /** Micros without traffic for this time are put to sleep; null: never. */
  readonly idleAfterMs: number | null
  /** A process of the server that does not respond for this time is killed and restarted; infinite: never. */
  readonly hangAfterMs: number
  /** A token of `space login` expires after this time without use; null: by its age only. */
  readonly cliTokenIdleMs: number | null
  /** Compare each answer of the API with its contract; for tests and development. */
  readonly checksAnswers: boolean
}

type Env = Readonly<Record<string, string | undefined>>

/** The environment of this process, for the entry points; no other file may read it. */
export const hostEnvironment = (): Env => process.env

/** Flags win over environment, environment over defaults. Throws ConfigError with the value to set instead. */
export function readServerConfig(args: readonly string[], env: Env): ServerConfig {
  const setting = settings(args, env)
  const publicUrl = readPublicUrl(setting('public-url'))
  const domain = readDomain(setting('domain') ?? publicUrl?.hostname ?? 'space.localhost')
  if (publicUrl && publicUrl.hostname !== domain)
    throw new ConfigError(
      `--public-url has the host ${publicUrl.hostname}, but --domain is ${domain}. Both must name the host of Home`,
    )
  const { port, tls } = readPortAndTls(setting)
  const insidePort = readInsidePort(setting, [port, tls?.httpPort])
  if (tls && publicUrl?.protocol === 'http:')
    throw new ConfigError(
      `--public-url is ${publicUrl.origin}, but with --tls-cert the server speaks https. Use https:// in --public-url`,
    )
  const dataDir = resolve(
    setting('data') ?? join(env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'ownspace'),
  )
  return Object.freeze({
    dataDir,
    database: readDatabase(setting),
    data: readDataConfig(setting),
    runDir: runDirOf(dataDir, env),
    listen: readListen(setting('listen'), domain),
    port,
    insidePort,
    tls,
    domain,
    homeHosts: [domain, ...LOOPBACK_NAMES.filter((name) => name !== domain)],
    homeOrigin: publicUrl?.origin ?? new URL(`${tls ? 'https' : 'http'}://${domain}:${port}`).origin,
    trustedProxies: readProxies(setting('trust-proxy')),
    nameServers: readNameServers(setting('name-servers')),
    workers: readWorkers(setting('workers')),
    disk: readDiskLimits(setting),
    backup: readBackupConfig(setting),
    limits: readServerLimits(setting),
    logLevel: oneOf('log-level', setting('log-level') ?? 'warn', LOG_LEVELS),
    setupCode: env.OWNSPACE_SETUP_CODE || undefined,
    sandbox: oneOf('sandbox', setting('sandbox') ?? 'auto', ['auto', 'require', 'off']),
    withoutSandbox: oneOf('without-sandbox', setting('without-sandbox') ?? 'one-person', [
      'one-person',
      'several-people',
    ]),
    sandboxWithinMs: readTimeLimit('sandbox-within', setting('sandbox-within') ?? '30s'),
    microNetwork: oneOf('micro-network', setting('micro-network') ?? 'public', ['public', 'lan']),
    idleAfterMs: readDuration('idle-after', setting('idle-after') ?? '15m') || null,
    hangAfterMs: readHangAfter(setting('hang-after')),
    cliTokenIdleMs: readDuration('cli-token-life', setting('cli-token-life') ?? '30d') || null,
    checksAnswers: env.OWNSPACE_CHECK_ANSWERS === '1',
  })
}

function settings(args: readonly string[], env: Env): (name: ServerFlag) => string | undefined {
  try {
    const options = Object.fromEntries(
      Object.keys(SERVER_FLAGS).map((name) => [name, { type: 'string' as const }]),
    )
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return (name) => (values[name] as string | undefined) ?? (env[SERVER_FLAGS[name].env] || undefined)
  } catch (cause) {
    throw new ConfigError(
      `${hidePasswords((cause as Error).message)}\nFlags: ${Object.keys(SERVER_FLAGS)
        .map((flag) => `--${flag}`)
        .join(' ')}`,
    )
  }
}

/** One short folder per data folder, so that two servers with one data folder use the same sockets. */
function runDirOf(dataDir: string, env: Env): string {
  const base = env.XDG_RUNTIME_DIR && isAbsolute(env.XDG_RUNTIME_DIR) ? env.XDG_RUNTIME_DIR : tmpdir()
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const inside = join(dataDir, 'run')
  return inside.length <= 80 ? inside : join(base, `ownspace-${name}`)
}
