import { gzipSync } from 'node:zlib'
import { HEAD_ROOM_BYTES } from '../respond/prebuilt-response.ts'
import { insertRuntime } from '../runtime/index.ts'
import type { Coding } from './accept-encoding.ts'
import type { Site } from './find-file.ts'
import { type Representation, representationInMemory } from './representation.ts'
import type { StaticFile } from './static-file.ts'

/** A larger page is sent as it is: it would be compressed while all other requests wait. */
const MAX_COMPRESSED_BYTES = 262_144

/** The page with `site.insertedTag` in its head, made once and cached; any other file, and a page of over 1 MB, unchanged. */
export function withInsertedTag(site: Site, relative: string, file: StaticFile): StaticFile {
  const [plain] = file.representations
  const { insertedTag } = site
  if (insertedTag == null || plain.content.kind === 'disk' || !isPage(plain)) return file
  // The kernel reads the three slashes as one, like the two of the page itself (see `pathOf`).
  const cachePath = `${site.root}///${relative}`
  const cached = site.cache?.get(cachePath)
  if (cached) return cached
  const page = insertRuntime(plain.content.whole.body, insertedTag)
  if (page === plain.content.whole.body) return file
  const changed: StaticFile = { stats: file.stats, representations: representationsOf(page, relative, plain) }
  site.cache?.put(cachePath, changed)
  return changed
}

const isPage = ({ mediaType }: Representation): boolean => mediaType.startsWith('text/html')

function representationsOf(
  page: Buffer,
  relative: string,
  { modifiedMs }: Representation,
): StaticFile['representations'] {
  const make = (content: Buffer, coding: Coding | null) => {
    const memory = Buffer.concat([Buffer.allocUnsafeSlow(HEAD_ROOM_BYTES), content])
    return representationInMemory(memory, { relative, coding, modifiedMs })
  }
  const plain = make(page, null)
  const compressed = page.length > MAX_COMPRESSED_BYTES ? page : gzipSync(page)
  return compressed.length < page.length ? [plain, make(compressed, 'gzip')] : [plain]
}
