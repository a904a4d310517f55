import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { Cli } from './context.ts'
import { CliError } from './failure.ts'

/** Saved log-ins: one access token per server, and the default server. */
export interface Credentials {
  readonly current: string | null
  readonly servers: Readonly<Record<string, SavedToken>>
}

export interface SavedToken {
  readonly access_token: string
  /** Created for this log-in, so nothing else uses it; a pasted token may be in use elsewhere. */
  readonly is_own: boolean
}

const NONE: Credentials = { current: null, servers: {} }

/** `$XDG_CONFIG_HOME/ownspace/cli.json`. */
export function credentialsPath(env: Cli['env']): string {
  const base = env.XDG_CONFIG_HOME
  const folder = base && isAbsolute(base) ? base : join(env.HOME || homedir(), '.config')
  return join(folder, 'ownspace', 'cli.json')
}

/** Empty when nothing is saved yet. Throws `bad_config` for a file that cannot be read. */
export function readCredentials(env: Cli['env']): Credentials {
  const path = credentialsPath(env)
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return { ...NONE, ...(value as Partial<Credentials>) }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return NONE
    throw new CliError('bad_config', `The saved log-in in ${path} cannot be read.`, {
      hints: [`Delete it and log in again: rm ${path}`],
      cause,
    })
  }
}

/** The file is readable by its owner only, at all times; a crash leaves the old or the new file. */
function writeCredentials(env: Cli['env'], credentials: Credentials): void {
  const path = credentialsPath(env)
  const draft = `${path}.${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${JSON.stringify(credentials, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw new CliError('bad_config', `The log-in cannot be saved in ${path}.`, {
      details: [(cause as Error).message],
      cause,
    })
  }
}

/** Saves the token of a server and makes that server the current one. */
export function saveLogin(env: Cli['env'], origin: string, token: SavedToken): void {
  const { servers } = readCredentials(env)
  writeCredentials(env, { current: origin, servers: { ...servers, [origin]: token } })
}

/** Removes the token of a server. False when there was none. */
export function forgetLogin(env: Cli['env'], origin: string): boolean {
  const { current, servers } = readCredentials(env)
  if (!(origin in servers)) return false
  const rest = Object.fromEntries(Object.entries(servers).filter(([server]) => server !== origin))
  writeCredentials(env, {
    current: current === origin ? (Object.keys(rest)[0] ?? null) : current,
    servers: rest,
  })
  return true
}
