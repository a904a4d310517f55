import { isDiskFull } from '../../disk/index.ts'
import { BaseFault } from '../fault.ts'

export const damaged = (cause: unknown): BaseFault =>
  new BaseFault(500, 'The database of this collection is damaged. Restore the collection from a backup.', {
    cause,
  })

export const unusable = (message: string, cause?: unknown): BaseFault =>
  new BaseFault(503, message, { cause })

/** What a client may know of an error of SQLite or of the file system. Others stay as they are. */
export function asFault(error: unknown): unknown {
  if (error instanceof BaseFault || isDiskFull(error)) return error
  const code = String((error as { code?: unknown } | null)?.code)
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code)) return damaged(error)
  if (/^(SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM)|EIO|EACCES|EPERM|EROFS|EMFILE|ENFILE)/.test(code))
    return unusable('The database of this collection cannot be used now. Try again later.', error)
  return error
}
