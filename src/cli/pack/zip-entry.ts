import { type Hash, createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { Zip, ZipInputFile } from 'fflate'
import type { ProjectFile } from './walk.ts'

/** The same files give the same bytes: no time of packing, no time of the files (COMPAT 2.11). */
const EPOCH = new Date(1980, 0, 1)
const STORED = 0
const DEFLATED = 8
/** A file up to this size is read and compressed at once. */
const WHOLE_BYTES = 2_000_000
/** Higher levels save a few per cent and take several times as long. */
const LEVEL = 4

/** Formats whose content is compressed already. */
const COMPRESSED = new Set(
  (
    '.png .jpg .jpeg .gif .webp .avif .woff .woff2 .zip .gz .tgz .br .zst .xz .bz2 .7z .jar .whl ' +
    '.mp3 .m4a .ogg .opus .mp4 .m4v .mov .webm'
  ).split(' '),
)

type Piece = Buffer<ArrayBuffer>

/**
 * Adds one file and returns the SHA-256 of its content. `flush` resolves when the archive has room for more. Throws what
 * reading the file throws.
 */
export async function addFile(zip: Zip, file: ProjectFile, flush: () => Promise<unknown>): Promise<string> {
  if (file.sizeBytes > WHOLE_BYTES) return await addInPieces(zip, file, flush)
  const data = readFileSync(file.absolutePath) as Piece
  const packed = isCompressed(file) ? data : Bun.deflateSync(data, { level: LEVEL })
  const isSmaller = packed.length < data.length
  const entry = newEntry(file, isSmaller ? DEFLATED : STORED)
  entry.crc = crc32(data)
  entry.size = data.length
  zip.add(entry)
  entry.ondata!(null, isSmaller ? packed : data, true)
  return createHash('sha256').update(data).digest('hex')
}

/** Memory stays flat, and the compression of a large file does not occupy this thread. */
async function addInPieces(zip: Zip, file: ProjectFile, flush: () => Promise<unknown>): Promise<string> {
  const entry = newEntry(file, isCompressed(file) ? STORED : DEFLATED)
  zip.add(entry)
  const add = async (chunks: AsyncIterable<Piece>) => {
    for await (const chunk of chunks) {
      entry.ondata!(null, chunk, false)
      await flush()
    }
  }
  const digest = createHash('sha256')
  const pieces = counted(file, entry, digest)
  await (entry.compression === STORED
    ? add(pieces)
    : pipeline(pieces, createDeflateRaw({ level: LEVEL }), add))
  entry.ondata!(null, new Uint8Array(0), true)
  return digest.digest('hex')
}

async function* counted(file: ProjectFile, entry: ZipInputFile, digest: Hash): AsyncGenerator<Piece> {
  for await (const chunk of createReadStream(file.absolutePath) as AsyncIterable<Piece>) {
    entry.crc = crc32(chunk, entry.crc)
    entry.size += chunk.length
    digest.update(chunk)
    yield chunk
  }
}

const newEntry = ({ path }: ProjectFile, compression: number): ZipInputFile => ({
  filename: path,
  mtime: EPOCH,
  compression,
  size: 0,
  crc: 0,
})

const isCompressed = ({ path }: ProjectFile): boolean => COMPRESSED.has(extname(path).toLowerCase())
