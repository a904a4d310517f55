/**
 * Makes files survive a power cut. SQLite syncs its commits, but a file that was only written may be empty afterwards: its
 * data stays in memory for up to half a minute. A file is synced before a row of the database names it.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Replaces the file at `path` atomically: after a crash it has the old or the new content. */
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

/** Syncs the list of names of a folder, so that a new or renamed file is found. */
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

/** False if the program is missing or fails. A separate process, because the call blocks its thread. */
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

/** The slow method, which works everywhere. Files first, then the folders that name them. */
export async function syncEach(path: string): Promise<void> {
  const found = await lstat(path)
  if (found.isDirectory()) for (const name of await readdir(path)) await syncEach(join(path, name))
  if (found.isDirectory() || found.isFile()) await syncFile(path)
}
