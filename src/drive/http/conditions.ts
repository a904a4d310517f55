import type { StoredFile } from '../files/scope.ts'

export const entityTag = ({ content }: StoredFile): string => `"${content}"`
export const lastModified = ({ modified_ms }: StoredFile): string => new Date(modified_ms).toUTCString()

/** 412 or 304 where the request's conditions say so (RFC 9110, 13.2.2); null: the file is to be sent. */
export function conditionStatus(headers: Headers, file: StoredFile): 304 | 412 | null {
  const [match, noneMatch] = [headers.get('if-match'), headers.get('if-none-match')]
  if (match !== null) {
    if (!isListed(match, file, false)) return 412
  } else if (secondsOf(file) > dateOf(headers.get('if-unmodified-since'), Number.POSITIVE_INFINITY))
    return 412
  if (noneMatch !== null) return isListed(noneMatch, file, true) ? 304 : null
  return secondsOf(file) <= dateOf(headers.get('if-modified-since'), Number.NEGATIVE_INFINITY) ? 304 : null
}

/** Whether the range holds for the file as it is now (RFC 9110, 13.1.5). A date must be the very same. */
export function isRangeValid(ifRange: string | null, file: StoredFile): boolean {
  if (ifRange === null) return true
  return ifRange.includes('"') ? ifRange.trim() === entityTag(file) : dateOf(ifRange, -1) === secondsOf(file)
}

/** A weak tag is never the same where `mayBeWeak` is false: bytes must match then. */
function isListed(list: string, file: StoredFile, mayBeWeak: boolean): boolean {
  const tags = list.split(',').map((tag) => tag.trim())
  return tags.some((tag) => tag === '*' || (mayBeWeak ? tag.replace(/^W\//, '') : tag) === entityTag(file))
}

const secondsOf = ({ modified_ms }: StoredFile): number => Math.floor(modified_ms / 1000)

/** In seconds; `otherwise` for none and for what is no date. */
function dateOf(text: string | null, otherwise: number): number {
  const ms = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? otherwise : Math.floor(ms / 1000)
}
