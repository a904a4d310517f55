/**
 * A sealed file: a header of 36 bytes (`OWNSPACE-SEALED1`, log2 of N, r and p of scrypt, a zero, a salt of 16 bytes), then
 * chunks of 64 KiB, each with AES-256-GCM and followed by its tag of 16 bytes. The key is scrypt of the passphrase. The
 * nonce of a chunk is its number (8 bytes, big endian), three zeros, and 1 for the last chunk: cutting, joining and
 * moving chunks is noticed. The header is the associated data of each. A salt is used for one file, so no nonce is used
 * twice with a key.
 */
import { scrypt } from 'node:crypto'
import { BackupRefused } from '../layout.ts'

export const MAGIC = Buffer.from('OWNSPACE-SEALED1')
export const HEADER_BYTES = 36
export const CHUNK_BYTES = 65_536
export const TAG_BYTES = 16
export const SALT_BYTES = 16

export interface Cost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** N = 2^17: 128 MB and about half a second, for every guess. */
export const COST: Cost = { logN: 17, r: 8, p: 1 }
/** A header asks for memory before its file is known to be ours. */
const MOST = { logN: 20, r: 8, p: 4 } as const

export function headerOf(salt: Uint8Array, { logN, r, p }: Cost): Buffer {
  return Buffer.concat([MAGIC, Buffer.from([logN, r, p, 0]), salt])
}

export function nonceOf(chunk: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(chunk), 0)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Throws BackupRefused for a header that is not ours. */
export function keyOf(header: Buffer, passphrase: string): Promise<Buffer> {
  const [logN = 0, r = 0, p = 0] = header.subarray(MAGIC.length)
  if (logN < 10 || logN > MOST.logN || r !== MOST.r || p < 1 || p > MOST.p)
    throw new BackupRefused('The archive is damaged, or of a newer version: its header cannot be read.')
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const options = { N: 2 ** logN, r, p, maxmem: 2 ** logN * r * 128 * 2 }
  const salt = header.subarray(HEADER_BYTES - SALT_BYTES)
  scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) =>
    error ? reject(error) : resolve(key),
  )
  return promise
}
