import { isSameText } from '../same-text.ts'

interface Mounted {
  readonly primary: boolean
  /** `/` or `/api`; ignored for the primary. */
  readonly mount: string
}

/**
 * The micro that serves a path: the one with the longest mount, on whole segments and exactly as written; the primary
 * serves the rest (COMPAT 1.7). Null if there is none.
 */
export function servingMicro<M extends Mounted>(micros: readonly M[], path: string): M | null {
  let best: M | null = null
  for (const micro of micros) {
    if (!isServedBy(micro, path)) continue
    if (best === null || best.primary || (!micro.primary && micro.mount.length > best.mount.length))
      best = micro
  }
  return best
}

function isServedBy({ primary, mount }: Mounted, path: string): boolean {
  if (primary || mount === '/') return primary
  return path.startsWith(mount) && (path.length === mount.length || path[mount.length] === '/')
}

/**
 * The mounts of an app packed into one string, longest first, each as position of its micro, length and mount. One
 * string is two places in memory for any number of micros (`bench/access.ts`); it is empty for an app with only a
 * primary.
 */
export const encodeMounts = (micros: readonly Mounted[]): string =>
  micros
    .map(({ primary, mount }, position) => ({ mount: primary ? '/' : mount, position }))
    .filter(({ mount }) => mount !== '/')
    .sort((a, b) => b.mount.length - a.mount.length)
    .map(({ mount, position }) => String.fromCharCode(position, mount.length) + mount)
    .join('')

/** The position of the micro that `servingMicro` finds, or -1 for the primary. */
export function findMounted(encoded: string, path: string): number {
  for (let at = 0; at < encoded.length;) {
    const length = encoded.charCodeAt(at + 1)
    const isWhole = path.length === length || path.charCodeAt(length) === 0x2f
    if (isWhole && isSameText(encoded, at + 2, path, 0, length)) return encoded.charCodeAt(at)
    at += 2 + length
  }
  return -1
}

/** A path, or a pattern, as the micro sees it: without the mount. */
export const belowMount = (path: string, { primary, mount }: Mounted): string =>
  primary || mount === '/' ? path : path.slice(mount.length) || '/'

/** The reverse: the path as the client requests it. */
export const outsideOf = (below: string, { primary, mount }: Mounted): string =>
  primary || mount === '/' ? below : `${mount}${below}`
