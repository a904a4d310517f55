import { statfsSync } from 'node:fs'
import { isDiskFull } from '../disk/index.ts'

/** Codes of SQLite for a failed write of one of its side files, for any reason. */
const PERHAPS_FULL = /^SQLITE_(IOERR|CANTOPEN)/
/** Less than a side file of SQLite needs. */
const TOO_LITTLE_BYTES = 64 * 1024

/** Whether an error says that the disk of this folder has no space left. */
export function isFullDisk(error: unknown, folder: string): boolean {
  const code = String((error as { code?: unknown }).code)
  return isDiskFull(error) || (PERHAPS_FULL.test(code) && hasNoSpace(folder))
}

export const fullDiskMessage = (folder: string): string =>
  `The disk of the data folder ${folder} is full.\nFree space there (df -h ${folder} shows it), then start the server again.`

function hasNoSpace(folder: string): boolean {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder)
    return bavail * bsize < TOO_LITTLE_BYTES || (files > 0 && ffree === 0)
  } catch {
    return false
  }
}
