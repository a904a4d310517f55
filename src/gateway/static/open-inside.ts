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
 * Finds a file without opening it (O_PATH of open(2), which Node does not name): opening a device may trigger it,
 * opening a FIFO unblocks its writer, and a watchdog restarts the machine. Only what was judged is opened.
 */
const FIND = 0o10000000

const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** Errors of names that cannot be served; to clients they all look like a missing file. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO'])

/**
 * Opens a regular file whose real path is below `root` (absolute; its own path may contain links).
 *
 * Between checking a path and opening it, the path could be redirected. So the file is found first, then its real path
 * is read, and then exactly that file is opened, even if the name has changed since. Synchronous on purpose: a look-up
 * in the kernel's cache takes microseconds, a thread pool tens of them. Throws errors that are not about the name: too
 * many open files, a failing disk, no `/proc`.
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

/** Opens a file that `openInside` has judged before; null if the file or its state has changed. */
export function reopen(path: string, judged: Stats): number | null {
  const found = openOrNull(path, FIND)
  if (found === null) return null
  using _ = closing(found)
  return isSameState(fstatSync(found), judged) ? openOrNull(nameOf(found), READ) : null
}

/** The real path of the open file, and a path to open it again; both from the kernel. */
const nameOf = (fd: number): string => `/proc/self/fd/${fd}`

/** A change of content, owner or location changes ctime or the inode, which cannot be set by hand. */
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
