import type { ArchiveInfo } from './layout.ts'
import { openBackup } from './open-backup.ts'

export interface Verified extends ArchiveInfo {
  readonly entries: number
  /** Unpacked. */
  readonly bytes: number
}

/** Reads all of an archive and compares it with what was written. Throws BackupRefused. */
export async function verifyBackup(path: string, passphrase: string | null): Promise<Verified> {
  await using backup = await openBackup(path, passphrase)
  let entries = 0
  for await (const entry of backup.entries()) {
    for await (const _ of entry.content());
    entries += 1
  }
  return { ...backup.info, entries, bytes: backup.bytes() }
}
