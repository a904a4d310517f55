import { pipeline } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import {
  type EntryHead,
  type EntrySizes,
  dataDescriptor,
  directoryEntry,
  endRecords,
  localHeader,
} from './records.ts'
import type { Bytes } from './streams.ts'

export interface WriteEntry {
  /** At most 65,535 bytes as UTF-8, with `/` between folders. */
  readonly name: string
  readonly comment?: string
  /** Unix mode with its type; default: a file that its owner may write. */
  readonly mode?: number
  readonly modifiedMs?: number
  /** False for content that is compressed already. */
  readonly isCompressed: boolean
  readonly content: Bytes
}

export const FILE_MODE = 0o100644

const NAME_BYTES = 65_535

/**
 * The bytes of an archive, in the memory of one piece of content plus about 100 bytes for each entry. Entries are read one
 * after the other, when their turn comes. An archive whose source fails has no end, so that readers refuse it.
 */
export async function* writeZip(entries: AsyncIterable<WriteEntry>): AsyncGenerator<Uint8Array> {
  const directory: Uint8Array[] = []
  let at = 0
  for await (const entry of entries) {
    const head = headOf(entry)
    const header = localHeader(head)
    yield header
    const sizes = { crc: 0, packed: 0, size: 0 }
    for await (const piece of packed(entry, sizes)) {
      sizes.packed += piece.length
      yield piece
    }
    const descriptor = dataDescriptor(sizes)
    yield descriptor
    directory.push(directoryEntry(head, sizes, at))
    at += header.length + sizes.packed + descriptor.length
  }
  const bytes = directory.reduce((sum, { length }) => sum + length, 0)
  yield* directory
  yield endRecords(directory.length, at, bytes)
}

function headOf({
  name,
  comment = '',
  mode = FILE_MODE,
  modifiedMs = 0,
  isCompressed,
}: WriteEntry): EntryHead {
  const encoded = Buffer.from(name)
  if (encoded.length > NAME_BYTES) throw new Error('the name of an entry is too long for a zip archive')
  return { name: encoded, comment: Buffer.from(comment), mode, modifiedMs, method: isCompressed ? 8 : 0 }
}

type Counted = { -readonly [Key in keyof EntrySizes]: EntrySizes[Key] }

function packed({ content, isCompressed }: WriteEntry, sizes: Counted): Bytes {
  const source = counted(content, sizes)
  if (!isCompressed) return source
  // Its errors reach the reader of the stream.
  return pipeline(source, createDeflateRaw(), () => {})
}

async function* counted(content: Bytes, sizes: Counted): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    sizes.crc = crc32(piece, sizes.crc)
    sizes.size += piece.length
    yield piece
  }
}
