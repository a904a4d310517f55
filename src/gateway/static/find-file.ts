import { acceptedCodings, CODINGS, SUFFIX, type Coding } from './accept-encoding.ts'
import type { FileCache } from './file-cache.ts'
import { isCompressible } from './media-types.ts'
import { closing, openInside } from './open-inside.ts'
import { representationOf, type Representation } from './representation.ts'
import type { StaticFile } from './static-file.ts'

export interface Site {
  /** Absolute. */
  readonly root: string
  readonly cache: FileCache | null
  readonly nowMs: number
  /** See `StaticOptions`. */
  readonly insertedTag?: string | null
}

export type Found =
  | { readonly kind: 'file'; readonly file: StaticFile }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }

/** The file of that name (see `readFileName`) with all its representations, from the cache if possible. */
export function findFile(site: Site, relative: string): Found {
  const path = pathOf(site.root, relative)
  const cached = site.cache?.get(path)
  if (cached) return { kind: 'file', file: cached }
  const opened = openInside(site.root, relative)
  if (opened.kind !== 'file') return opened
  using _ = closing(opened.fd)
  const plain = representationOf({ ...opened, path, relative, coding: null }, site.nowMs)
  const file: StaticFile = {
    stats: opened.stats,
    representations: [plain, ...siblingsOf(site, relative, plain)],
  }
  site.cache?.put(path, file)
  return { kind: 'file', file }
}

/** Removes the file from the cache, so that the next request reads it from disk. */
export function forgetFile(site: Site, relative: string): void {
  site.cache?.drop(pathOf(site.root, relative))
}

/**
 * The path of the file for the kernel, and its key in the cache. The kernel reads the double slash as one slash; in the
 * cache it marks the root that the file was judged for: if one root lies within another, a link may point out of the
 * inner one only.
 */
const pathOf = (root: string, relative: string): string => `${root}//${relative}`

/** The representation that the client prefers; `acceptEncoding` null requests the plain file. */
export function chooseRepresentation(file: StaticFile, acceptEncoding: string | null): Representation {
  const [plain, ...siblings] = file.representations
  if (siblings.length === 0) return plain
  for (const coding of acceptedCodings(acceptEncoding)) {
    const found = siblings.find((sibling) => sibling.coding === coding)
    if (found) return found
  }
  return plain
}

/**
 * Compressed forms, which builds put into a separate tree, `<root>.br/<path>`. Beside the original they would have URLs
 * that a private rule for the original does not close.
 */
const siblingsOf = (site: Site, relative: string, plain: Representation): readonly Representation[] =>
  isCompressible(plain.mediaType)
    ? CODINGS.map((coding) => readSibling(site, relative, coding)).filter(
        (sibling): sibling is Representation => sibling !== null && sibling.size < plain.size,
      )
    : []

function readSibling(site: Site, relative: string, coding: Coding): Representation | null {
  const root = site.root + SUFFIX[coding]
  const opened = openInside(root, relative)
  if (opened.kind !== 'file') return null
  using _ = closing(opened.fd)
  return representationOf({ ...opened, path: pathOf(root, relative), relative, coding }, site.nowMs)
}
