/** Hashes of ids, 32 bits (FNV-1a, then mixed so that the upper bits are good too). Ids are ASCII. */
const BASIS = 0x811c9dc5
const PRIME = 0x01000193

/** Of the beginning of a text, or of all of it. */
export function hashOfText(text: string, length = text.length): number {
  let hash = BASIS
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  return mixed(hash)
}

/** The same for the same text, as bytes. */
export function hashOfBytes(bytes: Uint8Array, from: number, length: number): number {
  let hash = BASIS
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), PRIME)
  return mixed(hash)
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (half ^ (half >>> 13)) >>> 0
}
