/** Texts of nearly every message, found without creating a string (see `field-names.ts`). */
const KNOWN_VALUES = [
  '200 OK',
  '201 Created',
  '204 No Content',
  '206 Partial Content',
  '302 Found',
  '304 Not Modified',
  '404 Not Found',
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  '*/*',
  'chunked',
  'close',
  'cors',
  'cross-site',
  'document',
  'empty',
  'image',
  'keep-alive',
  'navigate',
  'no-cors',
  'none',
  'same-origin',
  'same-site',
  'script',
  'style',
] as const

const LONGEST = 19
const BY_LENGTH: readonly (readonly string[])[] = Array.from({ length: LONGEST + 1 }, (_, length) =>
  KNOWN_VALUES.filter((value) => value.length === length),
)

/** The shared string for the octets from `start` to `end`, or null. */
export function knownValue(octets: Uint8Array, start: number, end: number): string | null {
  if (end - start > LONGEST) return null
  const candidates = BY_LENGTH[end - start]!
  for (let i = 0; i < candidates.length; i++) {
    if (isValue(octets, start, candidates[i]!)) return candidates[i]!
  }
  return null
}

function isValue(octets: Uint8Array, start: number, value: string): boolean {
  for (let i = 0; i < value.length; i++) if (octets[start + i] !== value.charCodeAt(i)) return false
  return true
}
