/**
 * Which micro serves a path: the longest mount, on whole segments and exactly as written; the primary takes the rest
 * (COMPAT 1.7). The mount is removed from what the micro is asked for.
 */
interface Mounted {
  readonly primary: boolean
  /** `/` or `/api`; of the primary it means nothing. */
  readonly mount: string
}

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

/** A path, or a pattern, as the micro sees it. */
export const belowMount = (path: string, { primary, mount }: Mounted): string =>
  primary || mount === '/' ? path : path.slice(mount.length) || '/'

/** The reverse: what is asked for from outside. */
export const outsideOf = (below: string, { primary, mount }: Mounted): string =>
  primary || mount === '/' ? below : `${mount}${below}`
