import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { isHidden } from './file-names.ts'

export type Opened =
  /** The caller owns `fd` and closes it. */
  | { readonly kind: 'file'; readonly fd: number; readonly stats: Stats }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }

const FOLDER: Opened = { kind: 'folder' }
const MISSING: Opened = { kind: 'missing' }

/** Opening a FIFO for reading would otherwise wait for a writer, and the whole gateway with it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** What a name that cannot be served fails with; all of it looks like absence from outside. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO'])

/**
 * Opens a regular file that really lies below `root` (absolute; may itself be reached through links).
 *
 * Checking a path before opening it leaves a moment in which the path can be turned elsewhere. So it is opened
 * first, and then the open file is asked where it lies: whatever happens to the name afterwards, the file that
 * was judged is the file that is read. Synchronous on purpose: a lookup in the kernel's cache takes microseconds,
 * a thread pool tens of them. Throws what is no property of the name: too many open files, a failing disk.
 */
export function openInside(root: string, relative: string): Opened {
  const path = `${root}/${relative}`
  const fd = openOrNull(path)
  if (fd === null) return MISSING
  using unwanted = closing(fd)
  if (!liesInside(realpathSync(root), realPathOf(fd, path))) return MISSING
  const stats = fstatSync(fd)
  if (stats.isDirectory()) return FOLDER
  if (!stats.isFile()) return MISSING
  unwanted.move()
  return { kind: 'file', fd, stats }
}

/** Opens a file that `openInside` has judged before; null if it is not that very file in that very state any more. */
export function reopen(path: string, judged: Stats): number | null {
  const fd = openOrNull(path)
  if (fd === null) return null
  using unwanted = closing(fd)
  if (!isSameState(fstatSync(fd), judged)) return null
  unwanted.move()
  return fd
}

/** A change of content, owner or place moves ctime or the inode, and neither can be set by hand. */
export const isSameState = (a: Stats, b: Stats): boolean =>
  a.ctimeMs === b.ctimeMs &&
  a.ino === b.ino &&
  a.size === b.size &&
  a.mtimeMs === b.mtimeMs &&
  a.dev === b.dev

/** Closes the file at the end of its scope, unless it is moved out. */
export function closing(fd: number): DisposableStack {
  const stack = new DisposableStack()
  stack.adopt(fd, closeSync)
  return stack
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, FLAGS)
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** Where the open file lies, from the kernel. Without `/proc` only its name can be asked, which a race could turn. */
function realPathOf(fd: number, path: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return realpathSync(path)
  }
}

function liesInside(realRoot: string, realPath: string): boolean {
  if (realPath === realRoot) return true
  return realPath.startsWith(`${realRoot}/`) && !isHidden(realPath.slice(realRoot.length + 1))
}
