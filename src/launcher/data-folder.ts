import { Database } from 'bun:sqlite'
import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** The data folder cannot be used; the message says why and what to type next. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

export interface DataFolder extends Disposable {
  readonly path: string
}

/**
 * Makes the folder and takes its lock until disposed. Throws DataFolderError when it cannot be written or another
 * server holds it. The lock is SQLite's on a file of its own: the system releases it however we end, so there is
 * never a stale one to remove by hand.
 */
export function openDataFolder(path: string, runDir: string): DataFolder {
  makeFolders(path, runDir)
  const lock = new Database(join(path, 'lock'), { create: true })
  try {
    lock.run('pragma busy_timeout = 0')
    lock.run('create table if not exists holder (pid integer)')
    lock.run('begin immediate')
    lock.run('delete from holder')
    lock.run('insert into holder values (?)', [process.pid])
    lock.run('commit')
    lock.run('begin immediate')
  } catch {
    const holder = holderOf(lock)
    lock.close()
    throw new DataFolderError(
      `Another Ownspace${holder ? ` (process ${holder})` : ''} is running on ${path}.\nStop it first, or give this one a folder of its own: --data <folder>`,
    )
  }
  return { path, [Symbol.dispose]: () => lock.close() }
}

function makeFolders(path: string, runDir: string) {
  try {
    // Where root may not mount, micros reach their revision by path as users of their own: they may pass through, and
    // list nothing. What must stay closed is closed by itself.
    mkdirSync(path, { recursive: true, mode: 0o711 })
    mkdirSync(runDir, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new DataFolderError(
      `The data folder ${path} cannot be written (${reason}).\nChoose another one: --data <folder>`,
    )
  }
  requirePrivate(runDir)
}

/**
 * The run folder can lie in a shared one such as /tmp, where another user could have made it first: whoever can write
 * to it can take the place of the platform, or of a gateway.
 */
function requirePrivate(runDir: string) {
  const folder = lstatSync(runDir)
  if (!folder.isDirectory() || folder.uid !== process.geteuid!())
    throw new DataFolderError(
      `The folder ${runDir}, for sockets, belongs to another user.\nRemove it, or choose a data folder with a shorter path: --data <folder>`,
    )
  chmodSync(runDir, 0o700)
}

function holderOf(lock: Database): number | null {
  try {
    return lock.query<{ pid: number }, []>('select pid from holder').get()?.pid ?? null
  } catch {
    return null
  }
}
