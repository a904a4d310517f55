/** First entry: what the archive is. */
export const HEAD_ENTRY = 'ownspace-backup.json'
/** Last entry: a digest of all others between the two. */
export const END_ENTRY = 'ownspace-backup-end.json'
/** Before the path of a file below the data folder. */
export const DATA = 'data/'

export const FORMAT = 'ownspace-backup'
export const VERSION = 1

/** What the head says. */
export interface ArchiveInfo {
  /** Of the server that made it. */
  readonly server: string
  readonly createdAt: string
}

export const TYPE = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 } as const

/** What a data folder may have. The database is put in place last, so that a server never starts on half a folder. */
export const DATABASE = 'ownspace.db'
export const TOP_LEVEL: readonly string[] = [
  DATABASE,
  'server.key',
  'database-id',
  'authority',
  'certificates',
  'revisions',
  'uploads',
  'build-logs',
  'logs',
  'collections',
]

/** The archive, the passphrase or the folder cannot be used; the message says why, and what to do. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}
