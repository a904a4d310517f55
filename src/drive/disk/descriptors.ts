/**
 * Files by their descriptors. What may wait for the disk runs in threads; opening a folder that is cached and closing do
 * not wait, and each step in a thread costs a turn of the event loop.
 */
import { closeSync, fdatasync, fsync, open, openSync, read, write } from 'node:fs'
import { promisify } from 'node:util'

export const openFile: (path: string, flags: string, mode?: number) => Promise<number> = promisify(open)
/** The data of a file, not its name. */
export const dataSync: (fd: number) => Promise<void> = promisify(fdatasync)
const sync: (fd: number) => Promise<void> = promisify(fsync)

/** Resolves with the number of bytes. */
export function readAt(fd: number, into: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) =>
    read(fd, into, 0, into.length, at, (error, count) => (error ? reject(error) : resolve(count))),
  )
}

/** All of the bytes; a nearly full disk may take only a part at a time. */
export async function append(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await writeSome(fd, bytes, at)
}

function writeSome(fd: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) =>
    write(fd, bytes, at, bytes.length - at, null, (error, count) => (error ? reject(error) : resolve(count))),
  )
}

/** A file and its name in the folder; both at once. */
export async function syncWithFolder(fd: number, folder: string): Promise<void> {
  const folderFd = openSync(folder, 'r')
  try {
    const [file, names] = await Promise.allSettled([dataSync(fd), sync(folderFd)])
    for (const outcome of [file, names]) if (outcome.status === 'rejected') throw outcome.reason
  } finally {
    closeSync(folderFd)
  }
}
