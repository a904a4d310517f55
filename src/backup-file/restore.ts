import { chmod, mkdir, open, readdir, rename, rm, rmdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFile, syncTrees } from '../kernel/durable.ts'
import { type ReadEntry, collectText } from '../zip/index.ts'
import { BackupRefused, DATA, DATABASE, TOP_LEVEL, TYPE } from './layout.ts'
import { openBackup } from './open-backup.ts'
import type { Verified } from './verify.ts'

/** Where files wait until all are there and compared. A server does not start beside it. */
const DRAFT = 'restore-draft'
const LINK_CHARS = 4_096

/**
 * Restores an archive to `folder`, which must be empty or missing, or have an unfinished restoration. Nothing is put in
 * place before every file was compared with what was backed up. Throws BackupRefused.
 */
export async function restoreBackup(
  path: string,
  { folder, passphrase }: { readonly folder: string; readonly passphrase: string | null },
): Promise<Verified> {
  await mkdir(folder, { recursive: true, mode: 0o711 })
  await requireEmpty(folder)
  await using backup = await openBackup(path, passphrase)
  const draft = join(folder, DRAFT)
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  let entries: number
  try {
    entries = await unpack(backup.entries(), draft)
    await syncTrees([draft])
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  await putInPlace(draft, folder)
  return { ...backup.info, entries, bytes: backup.bytes() }
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder)
  const isUnfinished = names.includes(DRAFT) && !names.includes(DATABASE)
  const others = names.filter((name) => name !== DRAFT && !(isUnfinished && TOP_LEVEL.includes(name)))
  if (others.length > 0)
    throw new BackupRefused(
      `The folder ${folder} is not empty: it has ${others.slice(0, 5).join(', ')}. Nothing was changed.\nChoose an empty one: --data <folder>`,
    )
  // What a restoration has put in place before it was ended.
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
}

interface Delayed {
  readonly links: Map<string, string>
  readonly modes: Map<string, number>
}

/**
 * Links are made after all files, so that no file is written through one. Files are created exclusively, so that none is
 * written twice.
 */
async function unpack(
  entries: AsyncGenerator<ReadEntry & { readonly name: string }>,
  draft: string,
): Promise<number> {
  const delayed: Delayed = { links: new Map(), modes: new Map() }
  let count = 0
  for await (const entry of entries) {
    await unpackEntry(entry, join(draft, pathOf(entry.name)), delayed)
    count += 1
  }
  for (const [path, target] of delayed.links) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await symlink(target, path)
  }
  // A folder that may not be written to is closed after its files.
  for (const [path, mode] of [...delayed.modes].toReversed()) await chmod(path, mode)
  return count
}

async function unpackEntry(entry: ReadEntry, path: string, { links, modes }: Delayed): Promise<void> {
  const type = entry.mode & TYPE.mask
  const mode = entry.mode & 0o777
  if (type === TYPE.folder) {
    for await (const _ of entry.content());
    await mkdir(path, { recursive: true, mode: 0o700 })
    modes.set(path, mode)
  } else if (type === TYPE.link) {
    links.set(path, await collectText(entry.content(), LINK_CHARS))
  } else if (type === TYPE.file) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await using file = await open(path, 'wx', mode)
    for await (const piece of entry.content()) await file.writeFile(piece)
    await file.chmod(mode)
  } else throw unknownEntry(entry.name)
}

/** Throws for a name that leads out of the folder, or to something that no data folder has. */
function pathOf(name: string): string {
  const path = name.slice(DATA.length).replace(/\/$/, '')
  const segments = path.split('/')
  if (
    !name.startsWith(DATA) ||
    path.includes('\0') ||
    segments.some((segment) => ['', '.', '..'].includes(segment)) ||
    !TOP_LEVEL.includes(segments[0]!)
  )
    throw unknownEntry(name)
  return path
}

const unknownEntry = (name: string | null) =>
  new BackupRefused(`The archive has an entry that no backup has: ${name?.slice(0, 200)}`)

async function putInPlace(draft: string, folder: string): Promise<void> {
  const names = await readdir(draft)
  for (const name of names.filter((each) => each !== DATABASE))
    await rename(join(draft, name), join(folder, name))
  await syncFile(folder)
  await rename(join(draft, DATABASE), join(folder, DATABASE))
  await rmdir(draft)
  await syncFile(folder)
}
