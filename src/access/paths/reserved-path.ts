import { hexValue } from './octets.ts'

const RESERVED = '__space'
/** Longer than any spelling of the reserved segment: seven characters, each encoded three times over. */
const SPELLING_LENGTH = 80

/**
 * `/__space` and everything below it, in any spelling that some server might read as that: on every host it belongs to
 * the platform, never to an app, and is never public.
 */
export function isReservedPath(path: string): boolean {
  // The first letter rules out almost every path.
  const first = path.charCodeAt(1)
  if (first !== 0x5f && first !== 0x25 && first !== 0x2f && first !== 0x5c) return false
  let text = path.slice(0, SPELLING_LENGTH)
  for (let round = 0; round < 3 && text.includes('%'); round++) text = decodeLeniently(text)
  let at = 0
  while (text[at] === '/' || text[at] === '\\') at++
  const name = text.slice(at, at + RESERVED.length).toLowerCase()
  return name === RESERVED && !isNameCharacter(text.charCodeAt(at + RESERVED.length))
}

/** Percent-decodes what is valid, byte by byte, and leaves the rest. */
function decodeLeniently(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const high = hexValue(text.charCodeAt(i + 1))
    const low = hexValue(text.charCodeAt(i + 2))
    const isEncoded = text[i] === '%' && high >= 0 && low >= 0
    out += isEncoded ? String.fromCharCode(high * 16 + low) : text[i]
    if (isEncoded) i += 2
  }
  return out
}

/** `/__spaceship` belongs to the app; `/__space`, `/__space/x`, `/__space;x` do not. */
function isNameCharacter(code: number): boolean {
  const lower = code | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f
}
