/**
 * Makes files outlast a power cut. SQLite syncs what it commits, but a file that was only written may come back empty:
 * its data waits in memory for up to half a minute. Whatever a row of the database names is synced before the row is
 * written.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Replaces the file at `path`, whole: a crash leaves the old content or the new one. */
export async function writeDurably(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`
  try {
    {
      await using file = await open(draft, 'wx', mode)
      await file.writeFile(data)
      await file.sync()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFile(dirname(path))
}

/** Of a folder, its list of names: what makes a new or renamed file findable. */
export async function syncFile(path: string): Promise<void> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  await file.sync()
}

/**
 * Resolves when everything below the folders is on the disk. One sync of the file system takes as long as a few
 * `fsync`; one `fsync` for each of thousands of files takes minutes.
 */
export async function syncTrees(folders: readonly string[]): Promise<void> {
  for (const folder of await onePerFileSystem(folders))
    if (!(await syncFileSystem(folder))) {
      for (const each of folders) await syncEach(each)
      return
    }
}

async function onePerFileSystem(folders: readonly string[]): Promise<string[]> {
  const devices = await Promise.all(folders.map(async (folder) => (await stat(folder)).dev))
  return folders.filter((_, index) => devices.indexOf(devices[index]!) === index)
}

/** False where there is no such program, or it failed. In a process of its own: the call blocks its thread. */
async function syncFileSystem(path: string): Promise<boolean> {
  const program = process.platform === 'linux' ? Bun.which('sync') : null
  if (program === null) return false
  const child = Bun.spawn({
    cmd: [program, '-f', '--', path],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return (await child.exited) === 0
}

/** The slow way, which works everywhere. Files before the folders that name them. */
export async function syncEach(path: string): Promise<void> {
  const found = await lstat(path)
  if (found.isDirectory()) for (const name of await readdir(path)) await syncEach(join(path, name))
  if (found.isDirectory() || found.isFile()) await syncFile(path)
}
