/** Hashes of ids and names, 32 bits (FNV-1a, then mixed so that the upper bits are good too). Both are ASCII. */
const BASIS = 0x811c9dc5
const PRIME = 0x01000193
const CASE_BIT = 0x20

/** Hash of the first `length` characters of a text. */
export function hashOfText(text: string, length = text.length): number {
  let hash = BASIS
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  return mixed(hash)
}

/** The same hash, of a text given as bytes. */
export function hashOfBytes(bytes: Uint8Array, from: number, length: number): number {
  let hash = BASIS
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), PRIME)
  return mixed(hash)
}

/**
 * Hash of the first `length` characters, equal for upper and lower case. Without the seed, names that collide cannot be
 * chosen.
 */
export function hashOfName(text: string, length: number, seed: number): number {
  let hash = seed
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (text.charCodeAt(i) | CASE_BIT), PRIME)
  return mixed(hash)
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (half ^ (half >>> 13)) >>> 0
}
