import { Database } from 'bun:sqlite'
import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { fullDiskMessage, isFullDisk } from './full-disk.ts'

/** The data folder cannot be used; the message says why and what to type next. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

export interface DataFolder extends Disposable {
  readonly path: string
}

/**
 * Makes the folder and takes its lock until disposed. Throws DataFolderError when it cannot be written or another
 * server holds it. The lock is SQLite's on a file of its own: the system releases it however the process ends, so a
 * stale lock never has to be removed by hand.
 */
export function openDataFolder(path: string, runDir: string): DataFolder {
  makeFolders(path, runDir)
  const lock = openLock(path)
  try {
    takeLock(lock, path)
  } catch (error) {
    const holder = holderOf(lock)
    lock.close()
    throw lockError(error, path, holder)
  }
  return { path, [Symbol.dispose]: () => lock.close() }
}

const lockPath = (path: string): string => join(path, 'lock')

function openLock(path: string): Database {
  try {
    return new Database(lockPath(path), { create: true })
  } catch (error) {
    throw lockError(error, path, null)
  }
}

function takeLock(lock: Database, path: string): void {
  lock.run('pragma busy_timeout = 0')
  try {
    lock.run('begin immediate')
  } catch (error) {
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error))) throw error
    // A power cut left zeros. The file is emptied, not removed: a lock that another process holds on it stays valid.
    truncateSync(lockPath(path))
    lock.run('begin immediate')
  }
  noteHolder(lock, path)
  lock.run('begin immediate')
}

/** Stores the process that holds the lock, for messages only: on a full disk the server starts without it. */
function noteHolder(lock: Database, path: string): void {
  try {
    lock.run('create table if not exists holder (pid integer)')
    lock.run('delete from holder')
    lock.run('insert into holder values (?)', [process.pid])
    lock.run('commit')
  } catch (error) {
    if (lock.inTransaction) lock.run('rollback')
    if (!isFullDisk(error, path)) throw error
  }
}

function lockError(error: unknown, path: string, holder: number | null): DataFolderError {
  if (isFullDisk(error, path)) return new DataFolderError(fullDiskMessage(path))
  if (/^SQLITE_(BUSY|LOCKED)/.test(codeOf(error)))
    return new DataFolderError(
      `Another Ownspace${holder ? ` (process ${holder})` : ''} is running on ${path}.\nStop it first, or start this one with another folder: --data <folder>`,
    )
  return new DataFolderError(
    `The lock file ${lockPath(path)} cannot be used (${codeOf(error)}).\nCheck its permissions and that the folder is on a local disk, or choose another one: --data <folder>`,
  )
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error)

function makeFolders(path: string, runDir: string) {
  try {
    // Where root may not mount, micros reach their revision by path as users of their own: they may traverse this folder
    // but not list it. Everything private in it has a mode of its own.
    mkdirSync(path, { recursive: true, mode: 0o711 })
    mkdirSync(runDir, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    if (isFullDisk(cause, path)) throw new DataFolderError(fullDiskMessage(path))
    throw new DataFolderError(
      `The data folder ${path} cannot be written (${codeOf(cause)}).\nChoose another one: --data <folder>`,
    )
  }
  requirePrivate(runDir)
}

/**
 * The run folder can lie in a shared folder such as /tmp, where another user could have made it first. A user who can
 * write to it can impersonate the platform or a gateway.
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
    const pid = lock.query<{ pid: number }, []>('select pid from holder').get()?.pid ?? null
    // A process that has ended is left from a start whose number could not be written.
    return pid !== null && existsSync(`/proc/${pid}`) ? pid : null
  } catch {
    return null
  }
}
