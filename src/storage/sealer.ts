import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export interface Sealer {
  /** Encrypts text for the row named `row`, such as `access_tokens/abcd1234/secret`. */
  seal(plaintext: string, row: string): string
  /** The text again. Throws when it was changed, sealed with another key, or sealed for another row. */
  open(sealed: string, row: string): string
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Authenticated encryption (AES-256-GCM, NIST SP 800-38D) with the server's key of 32 bytes. The row is the associated
 * data: a writer of the database cannot move a sealed value to a row that they may read.
 * Nonces are random, which is safe for about 2^32 values under one key.
 */
export function createSealer(serverKey: Uint8Array): Sealer {
  return {
    seal: (plaintext, row) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', serverKey, nonce).setAAD(Buffer.from(row))
      const text = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return `${VERSION}.${Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')}`
    },
    open: (sealed, row) => {
      const [version, encoded = ''] = sealed.split('.')
      const bytes = Buffer.from(encoded, 'base64url')
      if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('not a sealed value')
      const decipher = createDecipheriv('aes-256-gcm', serverKey, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(row)).setAuthTag(bytes.subarray(-TAG_BYTES))
      const text = bytes.subarray(NONCE_BYTES, -TAG_BYTES)
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
    },
  }
}
