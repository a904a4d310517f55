import { ConfigError, readTimeLimit } from './readers.ts'

/** A PostgreSQL database. */
export interface DatabaseConfig {
  /** With its password. */
  readonly url: string
  /** Open connections at most. */
  readonly connections: number
  /** Longest wait for an answer of the database, and for the writer before. */
  readonly withinMs: number
}

const FLAG = '--database'

type Setting = (name: 'database' | 'database-connections' | 'database-within') => string | undefined

/** Null: a SQLite file in the data folder. */
export const readDatabase = (setting: Setting): DatabaseConfig | null => readDatabaseOf('database', setting)

type AddressFlag = 'database' | 'data-database'

/** The same for the address of another flag. */
export function readDatabaseOf<Flag extends AddressFlag>(
  flag: Flag,
  setting: (name: Flag | 'database-connections' | 'database-within') => string | undefined,
): DatabaseConfig | null {
  const url = readAddress(flag, setting(flag))
  const connections = readConnections(setting('database-connections') ?? '10')
  const withinMs = readTimeLimit('database-within', setting('database-within') ?? '30s')
  return url === null ? null : { url, connections, withinMs }
}

/** It may have a password, so no message repeats it. */
function readAddress(flag: AddressFlag, text: string | undefined): string | null {
  if (!text) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || url.pathname.length < 2 || url.hash)
    throw new ConfigError(
      `--${flag} takes an address such as postgres://ownspace@127.0.0.1/ownspace, with user, host and database; what was given is none`,
    )
  return text
}

/** Two: one of them is for writers. */
function readConnections(text: string): number {
  const connections = Number(text)
  if (!/^\d+$/.test(text) || connections < 2 || connections > 1_000)
    throw new ConfigError(`--database-connections takes a number from 2 to 1000, not "${text}"`)
  return connections
}

/** Arguments for processes of ours: every user of the machine can read their command lines. */
export function withoutDatabase(args: readonly string[]): string[] {
  return withoutFlag(withoutFlag(args, FLAG), '--data-database')
}

const withoutFlag = (args: readonly string[], flag: string): string[] =>
  args.filter((arg, at) => args[at - 1] !== flag && arg !== flag && !arg.startsWith(`${flag}=`))

/** What the operator should know about a password that was given as a flag; null: nothing. */
export function shownPasswordNotice(
  args: readonly string[],
  { database }: { readonly database: DatabaseConfig | null },
): string | null {
  const isFlag = withoutFlag(args, FLAG).length < args.length
  if (!isFlag || database === null || !hasPassword(new URL(database.url))) return null
  return `The password of the database is on the command line, where every user of this machine can read it. Set OWNSPACE_DATABASE instead of ${FLAG}.`
}

const hasPassword = (url: URL): boolean => url.password !== '' || url.searchParams.has('password')

/** A text of the command line as it may be printed. */
export const hidePasswords = (text: string): string => text.replaceAll(/:\/\/[^\s/]*@/g, '://…@')
