import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../disk/index.ts'
import { syncFile, writeDurably } from '../kernel/durable.ts'

/** Below the cache folder: a mark for every build under way, with the boot of the machine it began in. */
const MARKS = 'unsynced'
/** Below the cache folder: on its way to be deleted. */
const DISCARDED = 'discarded'
/** Written to by builds of every app. */
const COMMON = ['shared', 'trees']

/**
 * Says, until `remove`, that the caches of `scope` (an app's; undefined: none of its own) may hold files that are not on
 * the disk. The mark is on the disk when this resolves. Remove it when the caches are synced.
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
 * Throws away caches that a power cut may have torn: package managers trust what they find there, and a file of zeros
 * would fail every later build. A build that ended with its process alone is no reason: the system still writes its
 * files. Call it once, before any build. Returns the names of what was thrown away; `isDeleted` resolves when the disk
 * space is free.
 */
export async function discardTornCaches(
  cacheDir: string,
): Promise<{ names: readonly string[]; isDeleted: Promise<void> }> {
  const names = (await tornCaches(cacheDir)).filter((name) => existsSync(join(cacheDir, name)))
  if (names.length > 0) await setAside(cacheDir, names)
  await makePrivate(cacheDir, MARKS).catch(ignoreFullDisk)
  // Gigabytes of small files: nothing has to wait for that.
  return { names, isDeleted: emptyDiscarded(join(cacheDir, DISCARDED)) }
}

/** What lies there now, and not the folder: caches that are evicted from now on go there too. */
async function emptyDiscarded(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(nullIfMissing)) ?? []
  await Promise.all(names.map((name) => removeTree(join(folder, name))))
}

/** A rename is quick; on a full disk, where there is no room for another folder, they are deleted on the spot. */
async function setAside(cacheDir: string, names: readonly string[]): Promise<void> {
  const discarded = await makePrivate(cacheDir, DISCARDED).catch(ignoreFullDisk)
  for (const name of names) {
    const path = join(cacheDir, name)
    if (discarded === undefined) await rm(path, { recursive: true, force: true })
    else await rename(path, join(discarded, randomUUID())).catch(ignoreMissing)
  }
}

/** The cache folder itself stays open to the users that builds run as. */
async function makePrivate(cacheDir: string, name: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true })
  await mkdir(join(cacheDir, name), { recursive: true, mode: 0o700 })
  await syncFile(cacheDir)
  return join(cacheDir, name)
}

/** Paths below the cache folder, the marks themselves last. */
async function tornCaches(cacheDir: string): Promise<string[]> {
  const marks = await readdir(join(cacheDir, MARKS)).catch(nullIfMissing)
  // Of a version that did not sync: it cannot be known.
  if (marks === null) return ['apps', ...COMMON]
  const boot = await bootId()
  const torn: string[] = []
  for (const mark of marks) {
    const path = join(MARKS, mark)
    if ((await readFile(join(cacheDir, path), 'utf8')) === boot) continue
    const scope = mark.split('.')[0]!
    torn.push(...(scope === '' ? [] : [join('apps', scope)]), ...COMMON, path)
  }
  return [...new Set(torn)].sort((a, b) => Number(a.startsWith(MARKS)) - Number(b.startsWith(MARKS)))
}

/** Another one after every start of the machine. Where there is none, after every start of the server. */
const bootId = (): Promise<string> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => `process ${process.pid}`)

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error
  return null
}

/** The next start, or the next build, tries again. */
function ignoreFullDisk(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error
}

const ignoreMissing = (error: NodeJS.ErrnoException) => void nullIfMissing(error)
