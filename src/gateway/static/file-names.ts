/** Longer paths cannot name a file: the bound of Linux is 4096 bytes. */
const MAX_PATH_CHARS = 4096

export interface FileName {
  /** Below the root, decoded, without a leading or trailing slash; empty for the root itself. */
  readonly relative: string
  /** The path ends with a slash: the folder's index is requested. */
  readonly isFolder: boolean
}

/**
 * Reads a URL path (RFC 3986 3.3) as the name of one file, or returns null if it cannot name one.
 *
 * Each segment is decoded exactly once, after splitting, and must then be a plain name. So each file has one spelling:
 * a segment that decodes to a separator, a dot segment, a control character or an empty text is not found. It is never
 * normalised, because normalising is how the judged path and the opened file come to differ.
 */
export function readFileName(path: string): FileName | null {
  if (path.length > MAX_PATH_CHARS || !path.startsWith('/')) return null
  const isFolder = path.endsWith('/')
  const inner = path.slice(1, isFolder ? -1 : undefined)
  if (path === '/' || path === '') return { relative: '', isFolder: true }
  const relative = path.includes('%') ? decodeSegments(inner) : inner
  return relative !== null && isPlain(relative) && !isHidden(relative) ? { relative, isFolder } : null
}

/**
 * True where a name begins with a dot: `.env`, `.git/config`, but also `..`. RFC 8615 makes one exception,
 * `.well-known` at the top. Also called with the real name of a file, because a link could point to a hidden one.
 */
export function isHidden(relative: string): boolean {
  const rest = relative.startsWith('.well-known/') ? relative.slice('.well-known'.length) : `/${relative}`
  return rest.includes('/.')
}

function decodeSegments(inner: string): string | null {
  try {
    const names = inner.split('/').map(decodeURIComponent)
    return names.some((name) => name.includes('/')) ? null : names.join('/')
  } catch {
    return null // a lone `%`, or bytes that are not UTF-8
  }
}

/** No empty segment, no backslash (a separator to some), no control character. */
// oxlint-disable-next-line no-control-regex
const UNPLAIN = /^\/|\/\/|\/$|[\\\x00-\x1f\x7f]/

const isPlain = (relative: string): boolean => relative !== '' && !UNPLAIN.test(relative)
