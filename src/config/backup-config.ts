import { resolve } from 'node:path'
import { readCount } from './gateway-limits.ts'
import { ConfigError, readTimeLimit } from './readers.ts'

/** Backups that the server makes by itself. */
export interface BackupConfig {
  /** Absolute. */
  readonly folder: string
  readonly everyMs: number
  readonly keep: number
  /** Absolute; null: not encrypted. */
  readonly passphraseFile: string | null
}

type Setting = (
  name: 'backup-to' | 'backup-every' | 'backup-keep' | 'backup-passphrase-file',
) => string | undefined

/** Null: none are made. Throws ConfigError. */
export function readBackupConfig(setting: Setting): BackupConfig | null {
  const folder = setting('backup-to')
  const passphraseFile = setting('backup-passphrase-file')
  if (folder === undefined) {
    if (passphraseFile === undefined) return null
    throw new ConfigError('--backup-passphrase-file encrypts backups, but --backup-to is not set')
  }
  return {
    folder: resolve(folder),
    everyMs: readTimeLimit('backup-every', setting('backup-every') ?? '24h'),
    keep: readCount('backup-keep', setting('backup-keep') ?? '7'),
    passphraseFile: passphraseFile === undefined ? null : resolve(passphraseFile),
  }
}
