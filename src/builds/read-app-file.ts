import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Reads a small text file directly below a folder that the app's own code may have written to. Null when it is not a
 * regular file of at most `maxBytes`: a link could point to the server's files, a pipe would block, and a large file
 * could fill the memory.
 */
export async function readAppFile(dir: string, name: string, maxBytes: number): Promise<string | null> {
  return (await readAppBytes(dir, name, maxBytes))?.toString('utf8') ?? null
}

/** The same for a file in another encoding. */
export async function readAppBytes(dir: string, name: string, maxBytes: number): Promise<Buffer | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(join(dir, name), flags).catch(() => null)
  if (file === null) return null
  try {
    const stat = await file.stat()
    return stat.isFile() && stat.size <= maxBytes ? await file.readFile() : null
  } finally {
    await file.close()
  }
}
