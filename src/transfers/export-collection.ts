import type { Collection, CollectionService } from '../collections/index.ts'
import type { Logger } from '../kernel/log.ts'
import { isoTime } from '../kernel/iso-time.ts'
import { type Bytes, type WriteEntry, toStream, writeZip } from '../zip/index.ts'
import { type DataAccess, messageOf } from './data-access.ts'
import { COUNTS_ENTRY, FORMAT, HEAD_ENTRY, basePath, filePath } from './layout.ts'
import { readBase } from './read-base.ts'
import { listFiles, openFile } from './read-drive.ts'

export interface ExportDeps {
  readonly collections: Pick<CollectionService, 'openCopy'>
  readonly data: DataAccess
  readonly log: Logger
  readonly now: () => number
}

interface Counts {
  readonly bases: Record<string, { items: number }>
  readonly drives: Record<string, { files: number; bytes: number }>
  /** Files whose stored content is damaged. */
  readonly failed: { readonly drive: string; readonly name: string; readonly reason: string }[]
}

/** The collection at one moment, as a zip archive, while its apps write. */
export const exportCollection = (
  deps: ExportDeps,
  collection: Pick<Collection, 'id' | 'name'>,
): ReadableStream<Uint8Array> => toStream(logged(deps, collection, writeZip(entriesOf(deps, collection))))

/** The client only sees that the archive has no end. */
async function* logged(
  { log }: ExportDeps,
  { id }: Pick<Collection, 'id'>,
  archive: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* archive
  } catch (error) {
    log.error('an export failed', { collection: id }, error)
    throw error
  }
}

async function* entriesOf(
  { collections, data, now }: ExportDeps,
  { id, name }: Pick<Collection, 'id' | 'name'>,
): AsyncGenerator<WriteEntry> {
  const modifiedMs = now()
  const head = { format: FORMAT, version: 1, collection: name, exported_at: isoTime(modifiedMs) }
  // Before the copy is made, which may take a while: the client sees that the export has begun.
  yield jsonEntry(HEAD_ENTRY, head, modifiedMs)
  await using copy = await collections.openCopy(id)
  const counts: Counts = { bases: Object.create(null), drives: Object.create(null), failed: [] }
  const source = { data, collectionId: copy.collectionId, counts, modifiedMs }
  const names = await data.names(copy.collectionId)
  for (const base of names.bases) yield baseEntry(source, base)
  for (const drive of names.drives) yield* driveEntries(source, drive)
  yield jsonEntry(COUNTS_ENTRY, counts, modifiedMs)
}

interface Source {
  readonly data: DataAccess
  readonly collectionId: string
  readonly counts: Counts
  readonly modifiedMs: number
}

const jsonEntry = (name: string, value: object, modifiedMs: number): WriteEntry => ({
  name,
  modifiedMs,
  isCompressed: true,
  content: textBytes([`${JSON.stringify(value, null, 2)}\n`]),
})

function baseEntry(source: Source, base: string): WriteEntry {
  const { modifiedMs } = source
  return { name: basePath(base), modifiedMs, isCompressed: true, content: textBytes(baseTexts(source, base)) }
}

/** One item a line. */
async function* baseTexts({ data, collectionId, counts }: Source, base: string): AsyncGenerator<string> {
  const count = (counts.bases[base] = { items: 0 })
  yield '['
  for await (const items of readBase(data, collectionId, base)) {
    yield items.map((item, at) => `${count.items + at === 0 ? '\n' : ',\n'}${JSON.stringify(item)}`).join('')
    count.items += items.length
  }
  yield '\n]\n'
}

async function* driveEntries(source: Source, drive: string): AsyncGenerator<WriteEntry> {
  const { data, collectionId, counts, modifiedMs } = source
  const count = (counts.drives[drive] = { files: 0, bytes: 0 })
  for await (const name of listFiles(data, collectionId, drive)) {
    const answer = await openFile(data, { collectionId, drive, name })
    if (!answer.ok) {
      counts.failed.push({ drive, name, reason: await messageOf(answer) })
      continue
    }
    const type = answer.headers.get('content-type') ?? ''
    yield {
      name: filePath(drive, name),
      comment: type,
      modifiedMs: Date.parse(answer.headers.get('last-modified') ?? '') || modifiedMs,
      isCompressed: /^text\/|json|xml|javascript/.test(type),
      content: counted(answer.body ?? new ReadableStream(), count),
    }
    count.files += 1
  }
}

async function* counted(content: Bytes, count: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    count.bytes += piece.length
    yield piece
  }
}

async function* textBytes(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text)
}
