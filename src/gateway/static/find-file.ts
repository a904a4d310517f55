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
}

export type Found =
  | { readonly kind: 'file'; readonly file: StaticFile }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }

/** The file of that name (see `readFileName`) with everything that can be sent of it, from memory if it is there. */
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

/** Next time, the file is looked at anew. */
export function forgetFile(site: Site, relative: string): void {
  site.cache?.drop(pathOf(site.root, relative))
}

/**
 * Where the kernel finds the file, and the cache what is known of it. The double slash is one to the kernel, and says to
 * the cache which root it was judged for: where one root lies in another, a link may lead out of the inner alone.
 */
const pathOf = (root: string, relative: string): string => `${root}//${relative}`

/** What this client likes best; `acceptEncoding` null asks for the plain file. */
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
 * Compressed forms, as builds leave them: in a tree of their own, `<root>.br/<path>`. Beside the original they would be
 * URLs of their own, which a private rule for the original does not close.
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
