import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import {
  type Entry,
  type RandomAccessReader,
  type ZipFile,
  fromRandomAccessReaderPromise,
  openPromise,
} from 'yauzl'

/** An entry as its archive declares it; nothing of it has been checked. */
export interface ReadEntry {
  /** Null: not UTF-8. */
  readonly name: string | null
  readonly comment: string
  /** With its type; 0: made on a system without modes. */
  readonly mode: number
  readonly size: number
  readonly packed: number
  /** Encrypted, or compressed by another method than DEFLATE. */
  readonly isReadable: boolean
  /** Rejects with ZipDamaged when size or checksum differ from what is declared. */
  content(): AsyncGenerator<Uint8Array>
}

export interface ZipReader extends Disposable {
  readonly entryCount: number
  entries(): AsyncGenerator<ReadEntry>
}

/** No archive, a torn one, or damaged content. */
export class ZipDamaged extends Error {
  override readonly name = 'ZipDamaged'
}

const OPTIONS = {
  lazyEntries: true,
  autoClose: false,
  decodeStrings: false,
  validateEntrySizes: true,
} as const

/** Opens the file at `path`. Throws ZipDamaged. */
export const openZip = (path: string): Promise<ZipReader> => reading(openPromise(path, OPTIONS))

/** The same from any source that can be read at an offset. */
export const readZip = (source: RandomAccessReader, bytes: number): Promise<ZipReader> =>
  reading(fromRandomAccessReaderPromise(source, bytes, OPTIONS))

async function reading(opening: Promise<ZipFile>): Promise<ZipReader> {
  const zip = await opening.catch((error: unknown) => {
    throw damaged(error)
  })
  // Awaiting an entry throws the error too; an error event without a listener would end the server.
  zip.on('error', () => {})
  return {
    entryCount: zip.entryCount,
    async *entries() {
      try {
        for await (const entry of zip.eachEntry()) yield readEntry(zip, entry)
      } catch (error) {
        throw damaged(error)
      }
    },
    [Symbol.dispose]: () => zip.close(),
  }
}

function readEntry(zip: ZipFile, entry: Entry): ReadEntry {
  const isUnix = entry.versionMadeBy >>> 8 === 3
  return {
    name: decode(entry.fileNameRaw),
    comment: decode(entry.fileCommentRaw) ?? '',
    mode: isUnix ? entry.externalFileAttributes >>> 16 : 0,
    size: entry.uncompressedSize,
    packed: entry.compressedSize,
    isReadable: !entry.isEncrypted() && [0, 8].includes(entry.compressionMethod),
    content: () => contentOf(zip, entry),
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

/**
 * The reader emits errors without ending the stream, possibly before the stream is awaited: an iterator alone would wait
 * forever. So the error listener is added at once, and destroys the stream.
 */
async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let failure: unknown = null
  let stream: Readable | null = null
  let crc = 0
  try {
    stream = await zip.openReadStreamPromise(entry)
    stream.on('error', (error) => {
      failure ??= error
      stream?.destroy()
    })
    for await (const piece of stream as AsyncIterable<Buffer>) {
      crc = crc32(piece, crc)
      yield piece
    }
    if (failure !== null) throw failure
  } catch (error) {
    throw damaged(failure ?? error)
  } finally {
    stream?.destroy()
  }
  if (crc !== entry.crc32) throw new ZipDamaged('the checksum of an entry does not match its content')
}

/** Errors of the system have a code and pass. */
function damaged(error: unknown): unknown {
  if (error instanceof ZipDamaged || !(error instanceof Error)) return error
  if ((error as NodeJS.ErrnoException).code?.startsWith('E')) return error
  return new ZipDamaged(error.message, { cause: error })
}
