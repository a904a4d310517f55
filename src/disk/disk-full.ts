/** Error codes of the file system and of SQLite. */
const CODES = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

interface Caused {
  readonly code?: unknown
  readonly cause?: unknown
}

/** Whether an error, or its cause, is a full disk. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error as Caused | null | undefined; at; at = at.cause as Caused | null | undefined)
    if (CODES.has(String(at.code))) return true
  return false
}

/** The problem, and how to free space. */
export const DISK_FULL =
  "The server's disk is full. Delete an app that is no longer needed, or free space on the server, then try again."
