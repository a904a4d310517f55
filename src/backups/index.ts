/**
 * Backups: all that a server keeps, copied while it runs. Owns what belongs to a backup, and the folder of backups that are
 * made at intervals. The archive's format and its restoration are in backup-file/. Never decides who may have a backup.
 * Start reading at backups.ts.
 */
export { Backups, type BackupsDeps } from './backups.ts'
export { type IntervalBackups, readPassphrase, startIntervalBackups } from './interval-backups.ts'
