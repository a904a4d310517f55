import { constants } from 'node:fs'
import { copyFile, link, lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What is not finished: uploads on their way, revisions that are being built. */
const isUnfinished = (name: string): boolean => name.startsWith('incoming-') || name.endsWith('.building')

/**
 * Links every file below `from` into `to`, and adds to what is there. What vanishes at the same time is left out. A link
 * takes no room, and keeps the content when the original is deleted.
 */
export async function linkTree(from: string, to: string): Promise<void> {
  const found = await lstat(from).catch(nullIfMissing)
  if (found === null) return
  await mkdir(to, { recursive: true, mode: found.mode & 0o777 })
  const entries = await readdir(from, { withFileTypes: true }).catch(nullIfMissing)
  for (const entry of entries ?? []) {
    if (isUnfinished(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await linkTree(source, target)
    else if (entry.isFile() || entry.isSymbolicLink()) await linkOrCopy(source, target)
  }
}

async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOENT') return
    if (!['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP'].includes(code)) throw error
    await copyFile(source, target, constants.COPYFILE_EXCL).catch(nullIfMissing)
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code)

function nullIfMissing(error: unknown): null {
  if (codeOf(error) !== 'ENOENT') throw error
  return null
}
