import { HttpError, invalid } from '../kernel/http-error.ts'
import { openZip } from '../zip/index.ts'
import { HEAD_ENTRY, folderOf } from './layout.ts'
import type { ImportLimits } from './limits.ts'

export interface ArchivePlan {
  /** Before `bases/` and `drives/`; empty, or with a slash at its end. */
  readonly folder: string
  /** Names are encoded as this server does. */
  readonly isEncoded: boolean
}

const FOLDERS_NAMED = 20

/** Looks at all names and sizes before anything is stored. Throws HttpError 400 or 413. */
export async function planArchive(
  path: string,
  wanted: string | null,
  limits: ImportLimits,
): Promise<ArchivePlan> {
  using zip = await openZip(path)
  if (zip.entryCount > limits.entries) throw tooLarge(`${limits.entries} entries`)
  const folders = new Set<string>()
  let isEncoded = false
  let bytes = 0
  for await (const { name, size } of zip.entries()) {
    bytes += size
    if (bytes > limits.unpackedBytes) throw tooLarge(`${limits.unpackedBytes} bytes unpacked`)
    if (name === HEAD_ENTRY) isEncoded = true
    const folder = name === null ? null : folderOf(name)
    if (folder !== null && folders.size <= FOLDERS_NAMED) folders.add(folder)
  }
  return { folder: chooseFolder(folders, wanted), isEncoded }
}

function chooseFolder(folders: ReadonlySet<string>, wanted: string | null): string {
  const folder = wanted === null ? null : wanted.replace(/\/?$/, '/').replace(/^\/$/, '')
  const [first, ...others] = folder === null ? folders : [folder].filter((name) => folders.has(name))
  if (first === undefined)
    throw invalid(
      folder === null || folders.size === 0
        ? 'The archive has no folder "bases" or "drives", so it is not an export of a collection'
        : `The archive has no collection in the folder ${folder}. ${named(folders)}`,
    )
  if (others.length > 0)
    throw invalid(`The archive has several collections. Name the folder of one. ${named(folders)}`)
  return first
}

const named = (folders: ReadonlySet<string>): string =>
  `Folders: ${[...folders]
    .slice(0, FOLDERS_NAMED)
    .map((name) => name || '/')
    .join(', ')}`

const tooLarge = (what: string) =>
  new HttpError(413, 'too_large', `The archive has more than ${what}. Split it, or raise the limit.`)
