import { Database } from 'bun:sqlite'

/** For the second connection, which the worker has: only while both open the file. */
const BUSY_MS = 5_000

/** `page_size` only matters for a new file: documents of 1 kB lie in their page, without another one each. */
const PRAGMAS = [
  'page_size = 8192',
  `busy_timeout = ${BUSY_MS}`,
  'journal_mode = wal',
  // Commits wait for the disk by `WalSync`, off this thread; checkpoints are the worker's.
  'synchronous = normal',
  'wal_autocheckpoint = 0',
  'trusted_schema = off',
]

/** Opens a file that is there, maybe empty. */
export function connect(path: string): Database {
  const database = new Database(path, { readwrite: true })
  try {
    for (const pragma of PRAGMAS) database.run(`pragma ${pragma}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
