/** Of the file system, and of SQLite. */
const CODES = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** Whether an error, or what caused it, is that the disk has no space left. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if (CODES.has(String((at as { code?: unknown }).code))) return true
  return false
}

/** What failed, and how to make room. */
export const DISK_FULL =
  "The server's disk is full. Delete an app that is no longer needed, or free space on the server, then try again."
