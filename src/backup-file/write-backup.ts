import { writeZip } from '../zip/index.ts'
import { RunningDigest } from './digest.ts'
import { type ArchiveInfo, DATA, END_ENTRY, FORMAT, HEAD_ENTRY, VERSION } from './layout.ts'

export interface BackupEntry {
  /** Below the data folder; a folder ends in a slash. */
  readonly path: string
  /** With its type. The content of a link is its target. */
  readonly mode: number
  readonly isCompressed: boolean
  readonly content: AsyncIterable<Uint8Array>
}

/** The bytes of a backup. One whose source fails has no end, so it is refused. */
export const writeBackup = (
  entries: AsyncIterable<BackupEntry>,
  info: ArchiveInfo,
): AsyncGenerator<Uint8Array> => writeZip(zipEntries(entries, info))

async function* zipEntries(entries: AsyncIterable<BackupEntry>, { server, createdAt }: ArchiveInfo) {
  const modifiedMs = Date.parse(createdAt)
  const json = (name: string, value: object) => ({
    name,
    modifiedMs,
    isCompressed: false,
    content: textOf(`${JSON.stringify(value)}\n`),
  })
  const digest = new RunningDigest()
  yield json(HEAD_ENTRY, { format: FORMAT, version: VERSION, server, created_at: createdAt })
  for await (const { path, mode, isCompressed, content } of entries) {
    const name = DATA + path
    yield { name, mode, modifiedMs, isCompressed, content: digest.through({ name, mode }, content) }
  }
  yield json(END_ENTRY, digest.totals())
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
