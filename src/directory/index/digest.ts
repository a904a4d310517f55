/** Longer than any token that we issue; longer ones are not hashed. */
export const MAX_TOKEN_LENGTH = 256

/**
 * SHA-256 of a token as base64url, the same as `digestOf` at a third of its cost, because every request with a
 * credential needs one.
 */
export const digestText = (token: string): string => Bun.SHA256.hash(token, 'base64url')

/** The same as bytes, written into `digest`, which has 32. */
export function digestInto(digest: Uint8Array, token: string): void {
  Bun.SHA256.hash(token, digest)
}

/** Compares two digests in constant time. */
export function isSameDigest(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

/** The same for bytes. */
export function isSameBytes(
  a: Uint8Array,
  fromA: number,
  b: Uint8Array,
  fromB: number,
  length: number,
): boolean {
  let difference = 0
  for (let i = 0; i < length; i++) difference |= (a[fromA + i] ?? 0) ^ (b[fromB + i] ?? 0)
  return difference === 0
}
