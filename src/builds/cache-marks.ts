import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../disk/index.ts'
import { syncFile, writeDurably } from '../kernel/durable.ts'

/** Below the cache folder: one mark per running build, with the boot id of the machine at its start. */
const MARKS = 'unsynced'
/** Below the cache folder: what is about to be deleted. */
const DISCARDED = 'discarded'
/** Written by builds of all apps. */
const COMMON = ['shared', 'trees']

/**
 * Marks the caches of `scope` (an app; undefined: only the common ones) as possibly not synced to the disk, until
 * `remove`. The mark itself is synced when this resolves. Remove it when the caches are synced.
 */
export async function markUnsynced(
  cacheDir: string,
  scope: string | undefined,
): Promise<{ remove(): Promise<void> }> {
  await makePrivate(cacheDir, MARKS)
  const path = join(cacheDir, MARKS, `${scope ?? ''}.${randomUUID()}`)
  await writeDurably(path, await bootId(), 0o600)
  return { remove: () => rm(path, { force: true }) }
}

/**
 * Discards caches that a power failure may have corrupted: package managers trust their caches, and a file of zeros
 * would fail every later build. Caches of a build whose process alone died are kept, because the system still writes
 * their files. Call it once, before any build. Returns the names of discarded caches; `isDeleted` resolves when their
 * disk space is free.
 */
export async function discardTornCaches(
  cacheDir: string,
): Promise<{ names: readonly string[]; isDeleted: Promise<void> }> {
  const names = (await tornCaches(cacheDir)).filter((name) => existsSync(join(cacheDir, name)))
  if (names.length > 0) await setAside(cacheDir, names)
  await makePrivate(cacheDir, MARKS).catch(ignoreFullDisk)
  // Deleting gigabytes of small files takes long, and nothing depends on it.
  return { names, isDeleted: emptyDiscarded(join(cacheDir, DISCARDED)) }
}

/** Deletes the current content, not the folder itself: caches that are evicted later are moved there too. */
async function emptyDiscarded(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(nullIfMissing)) ?? []
  await Promise.all(names.map((name) => removeTree(join(folder, name))))
}

/** Renames the caches, which is fast. On a full disk, where no folder can be created, they are deleted directly. */
async function setAside(cacheDir: string, names: readonly string[]): Promise<void> {
  const discarded = await makePrivate(cacheDir, DISCARDED).catch(ignoreFullDisk)
  for (const name of names) {
    const path = join(cacheDir, name)
    if (discarded === undefined) await removeTree(path)
    else await rename(path, join(discarded, randomUUID())).catch(ignoreMissing)
  }
}

/** Creates a private folder. The cache folder itself stays accessible to the users that builds run as. */
async function makePrivate(cacheDir: string, name: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true })
  await mkdir(join(cacheDir, name), { recursive: true, mode: 0o700 })
  await syncFile(cacheDir)
  return join(cacheDir, name)
}

/** Paths below the cache folder; the marks themselves come last. */
async function tornCaches(cacheDir: string): Promise<string[]> {
  const marks = await readdir(join(cacheDir, MARKS)).catch(nullIfMissing)
  // A version of the server without marks did not sync, so any cache may be corrupted.
  if (marks === null) return ['apps', 'kept', ...COMMON]
  const boot = await bootId()
  const torn: string[] = []
  for (const mark of marks) {
    const path = join(MARKS, mark)
    if ((await readFile(join(cacheDir, path), 'utf8')) === boot) continue
    const scope = mark.split('.')[0]!
    torn.push(...(scope === '' ? [] : [join('apps', scope), join('kept', scope)]), ...COMMON, path)
  }
  return [...new Set(torn)].sort((a, b) => Number(a.startsWith(MARKS)) - Number(b.startsWith(MARKS)))
}

/** Changes with every boot of the machine; where the kernel has no boot id, with every start of the server. */
const bootId = (): Promise<string> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => `process ${process.pid}`)

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error
  return null
}

/** The next start, or the next build, retries. */
function ignoreFullDisk(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error
}

const ignoreMissing = (error: NodeJS.ErrnoException) => void nullIfMissing(error)
