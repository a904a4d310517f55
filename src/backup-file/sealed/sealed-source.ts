import { createDecipheriv } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'
import { BackupRefused } from '../layout.ts'
import { CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, keyOf, nonceOf } from './format.ts'

const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES

/** The content of a sealed file at any offset. Every byte that it gives has been authenticated. */
export class SealedSource extends RandomAccessReader {
  readonly #file: FileHandle
  readonly #header: Buffer
  readonly #key: Buffer
  readonly #chunks: number
  /** Of the content. */
  readonly bytes: number
  /** A directory is read in steps of a few bytes. */
  #last: { readonly number: number; readonly content: Buffer } | null = null

  private constructor(file: FileHandle, header: Buffer, key: Buffer, sealedBytes: number) {
    super()
    this.#file = file
    this.#header = header
    this.#key = key
    this.#chunks = Math.ceil(sealedBytes / SEALED_BYTES)
    this.bytes = sealedBytes - this.#chunks * TAG_BYTES
  }

  /** Throws BackupRefused for a wrong passphrase, and for a file that was cut short. */
  static async open(file: FileHandle, passphrase: string): Promise<SealedSource> {
    const { size } = await file.stat()
    const header = Buffer.alloc(HEADER_BYTES)
    await file.read(header, 0, HEADER_BYTES, 0)
    const source = new SealedSource(file, header, await keyOf(header, passphrase), size - HEADER_BYTES)
    if (source.bytes < 0 || source.#chunks === 0) throw new BackupRefused('The archive is incomplete.')
    await source.#chunk(0).catch(() => {
      throw new BackupRefused('The passphrase is wrong, or the archive is damaged.')
    })
    await source.#chunk(source.#chunks - 1)
    return source
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end), { objectMode: false })
  }

  /** The file belongs to the caller. */
  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }

  async *#range(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const chunk = await this.#chunk(Math.floor(at / CHUNK_BYTES))
      const from = at % CHUNK_BYTES
      const piece = chunk.subarray(from, Math.min(chunk.length, from + end - at))
      if (piece.length === 0) return
      yield piece
      at += piece.length
    }
  }

  async #chunk(number: number): Promise<Buffer> {
    if (this.#last?.number === number) return this.#last.content
    const sealed = Buffer.alloc(SEALED_BYTES)
    const at = HEADER_BYTES + number * SEALED_BYTES
    const { bytesRead } = await this.#file.read(sealed, 0, SEALED_BYTES, at)
    const content = this.#open(number, sealed.subarray(0, bytesRead))
    this.#last = { number, content }
    return content
  }

  #open(number: number, sealed: Buffer): Buffer {
    try {
      const nonce = nonceOf(number, number === this.#chunks - 1)
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(this.#header)
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()])
    } catch (cause) {
      throw new BackupRefused('The archive is damaged, incomplete or was changed.', { cause })
    }
  }
}
