import { dataError } from '../../data-protocol/index.ts'
import { DISK_FULL, isDiskFull } from '../../disk/index.ts'
import type { Logger } from '../../kernel/log.ts'
import { isDatabaseGone } from '../../storage/index.ts'
import { Damaged, Refusal, StoreFailed } from '../errors.ts'

/** The answer to what was thrown. What is no refusal is logged, and its text stays there. */
export function answerError(error: unknown, log: Logger, collection: string): Response {
  const damaged = (reason: string, cause: unknown) => {
    log.error('stored files are damaged', { collection, reason }, cause)
    return dataError(500, "What was stored is damaged or missing. The server's log says what to restore.")
  }
  if (error instanceof Refusal) return dataError(error.status, error.message)
  if (isDiskFull(error)) return dataError(507, DISK_FULL)
  if (isDatabaseGone(error)) {
    log.warn('the database is gone', { collection, reason: (error as Error).message })
    return dataError(503, 'The database cannot be reached. Try again in a moment.')
  }
  if (error instanceof StoreFailed) {
    log.error('the store of files failed', { collection, reason: error.message })
    return dataError(503, 'The store of files cannot be reached. Try again in a moment.')
  }
  if (error instanceof Damaged) return damaged(error.message, error.cause)
  if (isUnreadable(error))
    return damaged('the index of its files cannot be read: restore it from a backup', error)
  log.error('a call failed', { collection }, error)
  return dataError(500, 'Something went wrong on the server. Its log says what.')
}

/** A page of the index is damaged, or its disk fails. */
const isUnreadable = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(String((error as { code?: unknown } | null)?.code))
