import { Damaged } from '../errors.ts'
import type { StoredPart } from '../files/scope.ts'
import { type BlobReader, BlobMissing, type Blobs } from './blobs.ts'
import { CHUNK_BYTES, isIntact } from './chunk-sums.ts'

/** `end` is exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * A range of the content that the parts make up, in windows. Every chunk is checked before any of its bytes is given;
 * throws Damaged for one that is not what was stored.
 */
export async function* readWindows(
  blobs: Blobs,
  parts: readonly StoredPart[],
  range: ByteRange,
): AsyncGenerator<Uint8Array, void, void> {
  let offset = 0
  for (const part of parts) {
    const inPart = { start: Math.max(range.start - offset, 0), end: Math.min(range.end - offset, part.size) }
    offset += part.size
    if (inPart.start >= inPart.end) continue
    const reader = await found(blobs.open(part.blob))
    try {
      yield* windowsOf({ reader, part, readBytes: blobs.readBytes }, inPart)
    } finally {
      await reader.close()
    }
  }
}

interface OpenPart {
  readonly reader: BlobReader
  readonly part: StoredPart
  readonly readBytes: number
}

async function* windowsOf(
  { reader, part, readBytes }: OpenPart,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array, void, void> {
  for (let at = start - (start % CHUNK_BYTES); at < end; at += readBytes) {
    // To the end of the last chunk that is asked for: a chunk is checked whole.
    const chunksEnd = Math.min(
      Math.ceil(Math.min(end, at + readBytes) / CHUNK_BYTES) * CHUNK_BYTES,
      part.size,
    )
    const window = await readChecked(reader, part, at, chunksEnd - at)
    yield window.subarray(Math.max(start - at, 0), end - at)
  }
}

async function readChecked(
  reader: BlobReader,
  part: StoredPart,
  at: number,
  length: number,
): Promise<Uint8Array> {
  const window = new Uint8Array(length)
  const count = await found(reader.read(at, window))
  if (count !== length) throw new Damaged(`blob ${part.blob} ends at ${at + count} of ${part.size} bytes`)
  if (!isIntact(window, at / CHUNK_BYTES, part.sums))
    throw new Damaged(`blob ${part.blob} is not what was stored, between byte ${at} and ${at + length}`)
  return window
}

/** A store may notice only at the first read that a blob is missing. */
async function found<T>(access: Promise<T>): Promise<T> {
  try {
    return await access
  } catch (error) {
    throw error instanceof BlobMissing ? new Damaged(error.message, error) : error
  }
}
