import { readSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import type { Entry } from 'yauzl'

/** An entry up to this size is read at once, which takes a fraction of the time that a stream takes. */
const WHOLE_BYTES = 1_000_000
/** APPNOTE 4.3.7 */
const LOCAL_HEADER_BYTES = 30
const LOCAL_HEADER_SIGNATURE = 0x04034b50

export const isReadAtOnce = ({ compressedSize, uncompressedSize }: Entry): boolean =>
  compressedSize <= WHOLE_BYTES && uncompressedSize <= WHOLE_BYTES

/**
 * The content of a small entry, of exactly its declared size: unpacking stops at that size. `archive` is an open file.
 * Throws an Error without a code for a damaged entry. The caller compares the checksum.
 */
export function readEntry(archive: number, entry: Entry): Buffer {
  const at = entry.relativeOffsetOfLocalHeader
  const header = readExactly(archive, at, LOCAL_HEADER_BYTES)
  if (header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE)
    throw new Error('invalid local file header signature')
  const start = at + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = readExactly(archive, start, entry.compressedSize)
  const content = entry.compressionMethod === 0 ? packed : inflate(packed, entry.uncompressedSize)
  if (content.length !== entry.uncompressedSize)
    throw new Error(`not enough bytes in the stream: ${content.length} of ${entry.uncompressedSize}`)
  return content
}

function readExactly(archive: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length;) {
    const count = readSync(archive, buffer, filled, length - filled, position + filled)
    if (count === 0) throw new Error('unexpected end of the archive')
    filled += count
  }
  return buffer
}

/** The library's errors have codes, as those of the file system have. */
function inflate(packed: Buffer, maxBytes: number): Buffer {
  try {
    // Zero would be no limit.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, maxBytes) })
  } catch (error) {
    throw new Error(`invalid compressed data: ${(error as Error).message}`, { cause: error })
  }
}
