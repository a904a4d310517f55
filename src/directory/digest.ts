/** Longer than any token of ours; what is longer is not hashed. */
export const MAX_TOKEN_LENGTH = 256

const DIGEST_BYTES = 32

/** SHA-256 of a token as base64url, as `digestOf` gives it; three times as fast, for the path of every request. */
export const digestText = (token: string): string => Bun.SHA256.hash(token, 'base64url')

/** The same as 32 bytes. */
export function digestBytes(token: string): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES)
  Bun.SHA256.hash(token, digest)
  return digest
}

/** Compares two digests in a time that depends on neither. */
export function isSameDigest(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
