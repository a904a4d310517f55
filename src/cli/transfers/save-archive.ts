import { open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { syncFile } from '../../kernel/durable.ts'
import { ZipDamaged, collectText, openZip } from '../../zip/index.ts'
import type { Cli } from '../context.ts'
import { CliError } from '../failure.ts'
import { formatBytes } from '../format.ts'

export interface ArchiveFile {
  /** As it was typed. */
  readonly file: string
  readonly isReplaced: boolean
  /** Throws when the archive at the path is not complete. */
  readonly check: (path: string) => Promise<void>
}

/**
 * Writes an archive to a draft beside `file`, checks it, and only then puts it in place: what was there before stays until
 * then. Returns its size.
 */
export async function saveArchive(
  cli: Cli,
  bytes: AsyncIterable<Uint8Array>,
  { file, isReplaced, check }: ArchiveFile,
): Promise<number> {
  const path = resolve(cli.cwd, file)
  if (!isReplaced && (await Bun.file(path).exists()))
    throw new CliError('conflict', `${file} exists already.`, { hints: ['To replace it: --replace'] })
  const draft = `${path}.${process.pid}.part`
  try {
    const size = await writeDraft(cli, draft, bytes)
    cli.err.progress('Checking the archive')
    await check(draft)
    await rename(draft, path)
    await syncFile(dirname(path))
    return size
  } catch (error) {
    await rm(draft, { force: true })
    throw asCliError(error, file)
  }
}

async function writeDraft(cli: Cli, draft: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  await using target = await open(draft, 'wx', 0o600)
  let size = 0
  for await (const piece of bytes) {
    await target.writeFile(piece)
    size += piece.length
    cli.err.progress(`${formatBytes(size)} received`)
  }
  await target.sync()
  return size
}

/** Reads every entry of an export. Returns the files that the server could not read. Throws ZipDamaged. */
export async function checkExport(path: string): Promise<readonly UnreadFile[]> {
  using zip = await openZip(path)
  let unread: readonly UnreadFile[] = []
  for await (const entry of zip.entries())
    if (entry.name === COUNTS_ENTRY)
      unread = (JSON.parse(await collectText(entry.content(), COUNTS_BYTES)) as Counts).failed
    else for await (const _ of entry.content());
  return unread
}

export interface UnreadFile {
  readonly drive: string
  readonly name: string
}

interface Counts {
  readonly failed: readonly UnreadFile[]
}

const COUNTS_ENTRY = 'ownspace-counts.json'
const COUNTS_BYTES = 100_000_000

function asCliError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof ZipDamaged)
    return new CliError('connection_lost', 'The archive is incomplete: the server ended it early.', {
      details: [message],
      hints: ['The log of the server has the cause.'],
      cause: error,
    })
  if (error instanceof CliError || code === undefined) return error
  return new CliError('bad_file', `${file} could not be written: ${message}`, { cause: error })
}
