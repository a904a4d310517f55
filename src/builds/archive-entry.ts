import type { Entry } from 'yauzl'
import { BUILD_LIMITS } from './limits.ts'

/** An entry of an archive, classified by its name and type. */
export type ArchiveEntry =
  | { readonly kind: 'file'; readonly path: string; readonly executable: boolean }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'bad'; readonly reason: string }

const TYPE_MASK = 0o170000
const REGULAR = 0o100000
const FOLDER = 0o040000

/** The upper half of the external attributes is a Unix mode only in archives made on Unix (APPNOTE 4.4.2, 4.4.15). */
function unixModeOf(entry: Entry): number {
  const madeByUnix = entry.versionMadeBy >>> 8 === 3
  return madeByUnix ? entry.externalFileAttributes >>> 16 : 0
}

/** Accepts only files and folders with plain names: through a link, a later entry could be written outside the folder. */
export function classifyEntry(entry: Entry): ArchiveEntry {
  const mode = unixModeOf(entry)
  const type = mode & TYPE_MASK
  if (type !== 0 && type !== REGULAR && type !== FOLDER)
    return bad('is a link or device, and only files can be pushed')
  if (entry.isEncrypted()) return bad('is encrypted')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    return bad('is compressed by a method other than DEFLATE')
  const isFolder = entry.fileName.endsWith('/')
  const path = isFolder ? entry.fileName.slice(0, -1) : entry.fileName
  const fault = faultOfName(path)
  if (fault !== null) return bad(fault)
  return isFolder ? { kind: 'folder', path } : { kind: 'file', path, executable: (mode & 0o111) !== 0 }
}

function faultOfName(path: string): string | null {
  if (path === '' || path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is an absolute path'
  if (path.includes('\\')) return 'has a backslash in its name'
  if (/\p{Cc}/u.test(path)) return 'has a control character in its name'
  if (Buffer.byteLength(path) > BUILD_LIMITS.pathBytes) return 'has a path that is too long'
  const segments = path.split('/')
  if (segments.length > BUILD_LIMITS.pathDepth) return 'is in too many nested folders'
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    return 'has an empty, `.` or `..` segment in its path'
  if (segments.some((segment) => Buffer.byteLength(segment) > BUILD_LIMITS.segmentBytes))
    return 'has a name that is too long'
  return null
}

function bad(reason: string): ArchiveEntry {
  return { kind: 'bad', reason }
}

/**
 * Detects names that conflict on disk: equal names, names that differ only in case or Unicode form (the same file on
 * some disks), or a file where another entry needs a folder. Returns the earlier name, or null.
 */
export function createNameGuard(): (path: string, kind: 'file' | 'folder') => string | null {
  const taken = new Map<string, { readonly path: string; readonly kind: 'file' | 'folder' }>()
  const claim = (path: string, kind: 'file' | 'folder'): string | null => {
    const folded = path.normalize('NFC').toLowerCase()
    const other = taken.get(folded)
    if (other === undefined) {
      taken.set(folded, { path, kind })
      return null
    }
    return kind === 'folder' && other.kind === 'folder' && other.path === path ? null : other.path
  }
  return (path, kind) => {
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      const met = claim(path.slice(0, end), 'folder')
      if (met !== null) return met
    }
    return claim(path, kind)
  }
}
