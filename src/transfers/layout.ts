/**
 * Names of Bases, Drives and files as names in an archive. In archives of this server they are encoded, so that any tool
 * can unpack them and none writes outside its folder: `%` begins an encoded character, as in URLs. Other archives have the
 * names as they are.
 */

/** An archive that has it is one of this server. */
export const HEAD_ENTRY = 'ownspace-export.json'
/** The last entry: what the archive should hold. */
export const COUNTS_ENTRY = 'ownspace-counts.json'

export const FORMAT = 'ownspace-collection'

export const basePath = (base: string): string => `bases/${encodeSegment(base)}.json`

export const filePath = (drive: string, name: string): string =>
  `drives/${encodeSegment(drive)}/${encodeName(name)}`

/** What an entry is; null: none of a collection. */
export type Place =
  | { readonly kind: 'base'; readonly base: string }
  | { readonly kind: 'file'; readonly drive: string; readonly name: string }

/** `path` is below the folder of the collection. Null also for a name that cannot be decoded. */
export function placeOf(path: string, isEncoded: boolean): Place | null {
  const read = isEncoded ? decode : (text: string) => text
  const base = /^bases\/(.+)\.json$/s.exec(path)?.[1]
  if (base !== undefined) {
    const name = read(base)
    return name === null ? null : { kind: 'base', base: name }
  }
  const [, driveText, nameText] = /^drives\/([^/]+)\/(.*[^/])$/s.exec(path) ?? []
  if (driveText === undefined || nameText === undefined) return null
  const [drive, name] = [read(driveText), read(nameText)]
  return drive === null || name === null ? null : { kind: 'file', drive, name }
}

/** The folder before `bases/` or `drives/`, with its slash; null: the entry is in neither. */
export const folderOf = (path: string): string | null =>
  /^((?:.*?\/)?)(?:bases|drives)\//s.exec(path)?.[1] ?? null

/** Empty segments keep their slash encoded: `a//b` is `a/%2Fb`. */
function encodeName(name: string): string {
  const segments = name.split('/')
  return segments.map((segment, at) => separator(segments, at) + encodeSegment(segment)).join('')
}

function separator(segments: readonly string[], at: number): string {
  if (at === 0) return ''
  return segments[at - 1] === '' ? '%2F' : '/'
}

/** What a file system or an unpacker may take for something else. */
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[%/\\<>:"|?*\x00-\x1f\x7f]|^\.{1,2}$|[. ]$/g

const encodeSegment = (segment: string): string =>
  segment.replace(SPECIAL, (found) =>
    [...Buffer.from(found)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
