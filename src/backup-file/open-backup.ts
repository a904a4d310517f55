import { type FileHandle, open } from 'node:fs/promises'
import { type ReadEntry, ZipDamaged, type ZipReader, collectText, openZip, readZip } from '../zip/index.ts'
import { RunningDigest } from './digest.ts'
import { type ArchiveInfo, BackupRefused, END_ENTRY, FORMAT, HEAD_ENTRY, VERSION } from './layout.ts'
import { MAGIC } from './sealed/format.ts'
import { SealedSource } from './sealed/sealed-source.ts'

export interface OpenBackup extends AsyncDisposable {
  readonly info: ArchiveInfo
  /**
   * Every entry of the data folder, whose content is to be read to its end before the next one. Throws BackupRefused when
   * any differs from what was written, at the latest after the last one.
   */
  entries(): AsyncGenerator<ReadEntry & { readonly name: string }>
  /** Of what was read. */
  bytes(): number
}

const HEAD_BYTES = 100_000

/** Opens the archive at `path`, sealed or not. Throws BackupRefused. */
export async function openBackup(path: string, passphrase: string | null): Promise<OpenBackup> {
  await using parts = new AsyncDisposableStack()
  const file = parts.use(await openFile(path))
  try {
    const zip = parts.use(await openArchive(file, path, passphrase))
    const digest = new RunningDigest()
    const all = zip.entries()
    const info = await readHead(all)
    const kept = parts.move()
    return {
      info,
      entries: () => checked(all, digest),
      bytes: () => digest.totals().bytes,
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    }
  } catch (error) {
    throw refusalOf(error)
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw new BackupRefused(
      `The archive ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    )
  }
}

async function openArchive(file: FileHandle, path: string, passphrase: string | null): Promise<ZipReader> {
  const start = Buffer.alloc(MAGIC.length)
  await file.read(start, 0, start.length, 0)
  if (!start.equals(MAGIC)) return await openZip(path)
  if (passphrase === null)
    throw new BackupRefused('The archive is encrypted. Give its passphrase: --passphrase-file <file>')
  const source = await SealedSource.open(file, passphrase)
  return await readZip(source, source.bytes)
}

async function readHead(all: AsyncGenerator<ReadEntry>): Promise<ArchiveInfo> {
  const { value, done } = await all.next()
  const head = done || value.name !== HEAD_ENTRY ? null : await readJson(value)
  if (head?.format !== FORMAT) throw new BackupRefused('The archive is not a backup of a server.')
  if (head.version !== VERSION)
    throw new BackupRefused('The archive was made by a newer version. Install that version, then restore.')
  return { server: String(head.server), createdAt: String(head.created_at) }
}

async function* checked(
  all: AsyncGenerator<ReadEntry>,
  digest: RunningDigest,
): AsyncGenerator<ReadEntry & { name: string }> {
  let end: Record<string, unknown> | null = null
  try {
    for await (const entry of all) {
      const { name, mode } = entry
      if (end !== null || name === null) throw damaged()
      if (name === END_ENTRY) end = await readJson(entry)
      else yield { ...entry, name, content: () => refusing(digest.through({ name, mode }, entry.content())) }
    }
  } catch (error) {
    throw refusalOf(error)
  }
  if (end === null || !Bun.deepEquals(end, { ...digest.totals() })) throw damaged()
}

async function* refusing(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content
  } catch (error) {
    throw refusalOf(error)
  }
}

const readJson = async (entry: ReadEntry): Promise<Record<string, unknown>> =>
  JSON.parse(await collectText(entry.content(), HEAD_BYTES)) as Record<string, unknown>

const damaged = (cause?: unknown) =>
  new BackupRefused('The archive is damaged, incomplete or was changed. Use another backup.', { cause })

/** Errors of the system, such as a full disk, pass. */
function refusalOf(error: unknown): unknown {
  return error instanceof ZipDamaged || error instanceof SyntaxError ? damaged(error) : error
}
