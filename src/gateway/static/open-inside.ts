import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { isHidden } from './file-names.ts'

export type Opened =
  /** The caller owns `fd` and closes it. */
  | { readonly kind: 'file'; readonly fd: number; readonly stats: Stats }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }

const FOLDER: Opened = { kind: 'folder' }
const MISSING: Opened = { kind: 'missing' }

/**
 * Finds a file without opening it (O_PATH of open(2), which Node does not name): a device may act on being opened, a
 * FIFO let its writer go on, a watchdog restart the machine. Nothing is opened that was not judged.
 */
const FIND = 0o10000000

const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** What a name that cannot be served fails with; all of it looks like absence from outside. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO'])

/**
 * Opens a regular file that really lies below `root` (absolute; may itself be reached through links).
 *
 * Checking a path before opening it leaves a moment in which the path can be turned elsewhere. So the file is found
 * first, then asked where it lies, and then that very file is opened, whatever has happened to the name since.
 * Synchronous on purpose: a lookup in the kernel's cache takes microseconds, a thread pool tens of them. Throws what
 * is no property of the name: too many open files, a failing disk, no `/proc`.
 */
export function openInside(root: string, relative: string): Opened {
  const found = openOrNull(`${root}/${relative}`, FIND)
  if (found === null) return MISSING
  using _ = closing(found)
  if (!liesInside(realpathSync(root), readlinkSync(nameOf(found)))) return MISSING
  const stats = fstatSync(found)
  if (stats.isDirectory()) return FOLDER
  if (!stats.isFile()) return MISSING
  const fd = openOrNull(nameOf(found), READ)
  return fd === null ? MISSING : { kind: 'file', fd, stats }
}

/** Opens a file that `openInside` has judged before; null if it is not that very file in that very state any more. */
export function reopen(path: string, judged: Stats): number | null {
  const found = openOrNull(path, FIND)
  if (found === null) return null
  using _ = closing(found)
  return isSameState(fstatSync(found), judged) ? openOrNull(nameOf(found), READ) : null
}

/** Where the open file lies, and a way to open it again; both from the kernel. */
const nameOf = (fd: number): string => `/proc/self/fd/${fd}`

/** A change of content, owner or place moves ctime or the inode, and neither can be set by hand. */
export const isSameState = (a: Stats, b: Stats): boolean =>
  a.ctimeMs === b.ctimeMs &&
  a.ino === b.ino &&
  a.size === b.size &&
  a.mtimeMs === b.mtimeMs &&
  a.dev === b.dev

/** Closes the file at the end of its scope. */
export function closing(fd: number): DisposableStack {
  const stack = new DisposableStack()
  stack.adopt(fd, closeSync)
  return stack
}

function openOrNull(path: string, flags: number): number | null {
  try {
    return openSync(path, flags)
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function liesInside(realRoot: string, realPath: string): boolean {
  if (realPath === realRoot) return true
  return realPath.startsWith(`${realRoot}/`) && !isHidden(realPath.slice(realRoot.length + 1))
}
