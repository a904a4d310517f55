import { ConfigError } from '../../config/index.ts'

interface PostgresError {
  /** Of Bun: where it went wrong. */
  readonly code: string
  /** SQLSTATE, of the server. */
  readonly errno: string | undefined
  readonly message: string
}

function asPostgresError(error: unknown): PostgresError | null {
  const { code, errno, message } = (error ?? {}) as Partial<Record<keyof PostgresError, unknown>>
  if (typeof code !== 'string' || !code.startsWith('ERR_POSTGRES_')) return null
  return { code, errno: typeof errno === 'string' ? errno : undefined, message: String(message) }
}

/** SQLSTATE classes and codes (PostgreSQL manual, appendix A): connection, resources, shut down, lock and time limits. */
const GONE = /^(08|53|57P0|25P03|55P03|57014)/

/** Whether the database cannot be asked right now, through no fault of the question. It may answer the next one. */
export function isDatabaseGone(error: unknown): boolean {
  const known = asPostgresError(error)
  if (!known) return false
  return known.errno ? GONE.test(known.errno) : /CONNECTION|TIMEOUT|LIFETIME/.test(known.code)
}

/** Waited too long for a lock. */
export const isLockTimeout = (error: unknown): boolean => asPostgresError(error)?.errno === '55P03'

/** `22021`: a NUL character, which PostgreSQL keeps in no text. */
export const isUnstorableText = (error: unknown): boolean => asPostgresError(error)?.errno === '22021'

/** A database as it may be shown: without its password. */
export function shownDatabase(url: string): string {
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username && `${username}@`}${host}${pathname}`
}

/** What to do about a database that cannot be opened; null for an error that is not the operator's. */
export function openError(url: string, error: unknown): ConfigError | null {
  const known = asPostgresError(error)
  const advice = known && adviceFor(known, url)
  if (!known || !advice) return null
  return new ConfigError(
    `The database ${shownDatabase(url)} cannot be used: ${known.message}.\n${advice}, then start again.`,
    { cause: error },
  )
}

function adviceFor(error: PostgresError, url: string): string | null {
  const { hostname, port, pathname, username } = new URL(url)
  const name = decodeURIComponent(pathname.slice(1))
  if (error.errno?.startsWith('28')) return 'Check the user and the password in OWNSPACE_DATABASE'
  if (error.errno === '3D000') return `Create it (createdb ${name})`
  if (error.errno === '25006') return 'It is a copy that takes no writes: name its primary server'
  if (error.errno === '55P03') return 'Another server may be updating it: wait until that is done'
  if (error.errno === '42501') return `Make its user the owner (alter database ${name} owner to ${username})`
  if (isDatabaseGone(error))
    return `Make sure that PostgreSQL runs and listens at ${hostname}:${port || 5432}`
  if (/TLS|SSL/.test(error.code))
    return 'Check sslmode in OWNSPACE_DATABASE, and the certificate of PostgreSQL'
  return /AUTH|PASSWORD/.test(error.code) ? 'Check the user and the password in OWNSPACE_DATABASE' : null
}
