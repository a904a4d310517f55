import { createCipheriv, randomBytes } from 'node:crypto'
import { CHUNK_BYTES, COST, SALT_BYTES, headerOf, keyOf, nonceOf } from './format.ts'

/** Encrypts a stream with a passphrase, in the memory of one chunk. See format.ts. */
export async function* seal(
  bytes: AsyncIterable<Uint8Array>,
  passphrase: string,
  cost = COST,
): AsyncGenerator<Uint8Array> {
  const header = headerOf(randomBytes(SALT_BYTES), cost)
  const key = await keyOf(header, passphrase)
  yield header
  let number = 0
  const sealed = (chunk: Uint8Array, isLast: boolean): Uint8Array => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast))
    cipher.setAAD(header)
    number += 1
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
  }
  // Held back until more comes: the last chunk is marked, and it may be full.
  const held = Buffer.alloc(CHUNK_BYTES)
  let filled = 0
  for await (const piece of bytes)
    for (let at = 0; at < piece.length;) {
      if (filled === CHUNK_BYTES) {
        yield sealed(held, false)
        filled = 0
      }
      const taken = piece.subarray(at, at + CHUNK_BYTES - filled)
      held.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  yield sealed(held.subarray(0, filled), true)
}
