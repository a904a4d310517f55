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

/**
 * Reads the server's key (32 bytes, file mode 0600), or makes it when there is no database yet: so call it before
 * `openDatabase`. Throws ConfigError for a database without its key (a new one would lose what the old one sealed,
 * silently) and for a file that is no key.
 */
export function openServerKey(keyPath: string, databasePath: string): Buffer {
  if (!existsSync(keyPath)) {
    if (existsSync(databasePath) && statSync(databasePath).size > 0)
      throw new ConfigError(
        `The key ${keyPath} is missing, and ${databasePath} cannot be read without it. Restore it from your backup.`,
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
