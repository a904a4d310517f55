import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../config/index.ts'

const KEY_BYTES = 32

/** The database that the key is for. */
export interface KeyedDatabase {
  readonly name: string
  /** Whether it may hold values that were sealed. */
  readonly isUsed: boolean
}

/** A SQLite file. To be looked at before it is opened, which makes it. */
export const keyedFile = (path: string): KeyedDatabase => ({
  name: path,
  isUsed: existsSync(path) && statSync(path).size > 0,
})

/**
 * Reads the server's key (32 bytes, file mode 0600), or makes it for a database that is new. Throws ConfigError for a
 * used database without its key (a new one would lose what the old one sealed, silently) and for a file that is no key.
 */
export function openServerKey(keyPath: string, database: KeyedDatabase): Buffer {
  if (!existsSync(keyPath)) {
    if (database.isUsed)
      throw new ConfigError(
        `The key ${keyPath} is missing, and ${database.name} cannot be read without it. Restore it from your backup.`,
      )
    createOnce(keyPath)
  }
  const key = readFileSync(keyPath)
  if (key.length !== KEY_BYTES)
    throw new ConfigError(`${keyPath} is not a server key (32 bytes). Restore it from your backup.`)
  chmodSync(keyPath, 0o600)
  return key
}

/** A link fails when the name is taken, so of two servers that start at once one wins and both read the same key. */
function createOnce(keyPath: string): void {
  const draft = `${keyPath}.${randomBytes(6).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, randomBytes(KEY_BYTES))
    fsyncSync(file)
    linkSync(draft, keyPath)
    syncFolder(dirname(keyPath))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    closeSync(file)
    rmSync(draft, { force: true })
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}
