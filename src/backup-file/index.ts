/**
 * Backup file: the archive of a whole server, sealed with a passphrase or not. Owns its format, its verification, and its
 * restoration to a folder. Never decides what belongs to a server. Start reading at layout.ts; docs/backups.md has the
 * format for readers without this program.
 */
export { type ArchiveInfo, BackupRefused } from './layout.ts'
export { openBackup } from './open-backup.ts'
export { restoreBackup } from './restore.ts'
export { seal } from './sealed/seal.ts'
export { type Verified, verifyBackup } from './verify.ts'
export { type BackupEntry, writeBackup } from './write-backup.ts'
