import { createHash } from 'node:crypto'
import { closeSync, fchmodSync, openSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { readEntry } from './entry-content.ts'
import { BUILD_LIMITS } from './limits.ts'
import { mendLineEnds } from './runnable-files.ts'
import type { KnownFile } from './reuse/digest-tree.ts'

interface NewFile {
  readonly entry: Entry
  /** Must not exist. Absolute. */
  readonly target: string
  /** The archive says so. */
  readonly isProgram: boolean
}

export interface WrittenFile extends KnownFile {
  /** Its Windows line ends were converted. */
  readonly isMended: boolean
}

/** Writes a small entry. Null when its content is not what its checksum says: the reader checks sizes only. */
export function writeEntry(archive: number, { entry, target, isProgram }: NewFile): WrittenFile | null {
  const content = readEntry(archive, entry)
  if (crc32(content) !== entry.crc32) return null
  const kind = kindOf(content)
  const mended =
    kind === 'script' && content.length <= BUILD_LIMITS.scriptBytes ? mendLineEnds(content) : null
  const isExecutable = isProgram || kind !== 'data'
  writeNew(target, mended ?? content, isExecutable)
  const digest = createHash('sha256').update(mended ?? content)
  return { isExecutable, digest: digest.digest('hex'), isMended: mended !== null }
}

function writeNew(target: string, content: Buffer, isExecutable: boolean): void {
  const file = openSync(target, 'wx')
  try {
    writeFileSync(file, content)
    fchmodSync(file, isExecutable ? 0o755 : 0o644)
  } finally {
    closeSync(file)
  }
}

/** Writes an entry of any size. Null as above. */
export async function streamEntry(
  zip: ZipFile,
  { entry, target, isProgram }: NewFile,
): Promise<WrittenFile | null> {
  using content = await openContent(zip, entry)
  await using file = await open(target, 'wx')
  const { head, checksum, digest } = await Promise.race([writeContent(content.stream, file), content.failed])
  if (checksum !== entry.crc32) return null
  const isExecutable = isProgram || kindOf(head) !== 'data'
  await file.chmod(isExecutable ? 0o755 : 0o644)
  return { isExecutable, digest, isMended: false }
}

interface Content extends Disposable {
  readonly stream: Readable
  /** Rejects when the stream reports that the entry is damaged; never resolves. */
  readonly failed: Promise<never>
}

/**
 * The reader emits errors without ending the stream, possibly before the stream is awaited or after the last read. An
 * iterator alone would miss an early error and wait forever, and a late error would end the server. The error listener
 * is therefore added at once and stays.
 */
function openContent(zip: ZipFile, entry: Entry): Promise<Content> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(watch(stream)) : reject(error)))
  })
}

function watch(stream: Readable): Content {
  const failed = new Promise<never>((_, reject) => stream.on('error', reject))
  failed.catch(() => {})
  return { stream, failed, [Symbol.dispose]: () => void stream.destroy() }
}

interface WrittenContent {
  readonly head: Buffer
  readonly checksum: number
  readonly digest: string
}

async function writeContent(stream: Readable, file: FileHandle): Promise<WrittenContent> {
  let head = Buffer.alloc(0)
  let checksum = 0
  const digest = createHash('sha256')
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4 - head.length)])
    checksum = crc32(chunk, checksum)
    digest.update(chunk)
    await file.writeFile(chunk)
  }
  return { head, checksum, digest: digest.digest('hex') }
}

/** `script`: it has an interpreter line; `binary`: ELF. */
type FileKind = 'script' | 'binary' | 'data'

function kindOf(head: Buffer): FileKind {
  if (head.toString('latin1', 0, 2) === '#!') return 'script'
  return head.toString('latin1', 0, 4) === '\x7fELF' ? 'binary' : 'data'
}
