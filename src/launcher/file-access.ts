import { statSync } from 'node:fs'

/**
 * What to do about a file that this user may not use, such as one in a data folder that another user copied. Null for an
 * error without a file, such as that of a port.
 */
export function explainFileAccess(error: unknown): string | null {
  const { code, path } = error as NodeJS.ErrnoException
  if (path === undefined) return null
  const owner = ownerOf(path)
  const whose = owner === null ? '' : ` It belongs to user ${owner}.`
  return `User ${process.geteuid!()}, as whom the server runs, may not use ${path} (${code}).${whose}
Start the server as the user that owns its data folder, or give the folder to this one: chown -R <user> <data folder>`
}

/** Null when the path cannot be reached. */
function ownerOf(path: string): number | null {
  try {
    return statSync(path).uid
  } catch {
    return null
  }
}
