import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** A file up to this size is read at once. */
const WHOLE_BYTES = 1_000_000
/** Files that are read at the same time. */
const AT_ONCE = 32

/**
 * SHA-256 of a folder: the name, kind, executable bit and content of everything below it. Links count by their target
 * and are never followed. Equal for equal trees, wherever they are.
 */
export async function digestTree(dir: string): Promise<string> {
  const hash = createHash('sha256')
  const paths = await listTree(dir, '')
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const lines = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => describe(dir, path)))
    for (const line of lines) hash.update(line)
  }
  return hash.digest('hex')
}

/** All paths below `dir`, each folder before its content, in an order that does not depend on the file system. */
async function listTree(dir: string, path: string): Promise<string[]> {
  const entries = await readdir(join(dir, path), { withFileTypes: true })
  const paths: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = join(path, entry.name)
    paths.push(below)
    if (entry.isDirectory()) paths.push(...(await listTree(dir, below)))
  }
  return paths
}

/** JSON keeps the boundary between a name and what follows it. */
async function describe(dir: string, path: string): Promise<string> {
  const stat = await lstat(join(dir, path))
  if (stat.isDirectory()) return line(path, 'folder')
  if (stat.isSymbolicLink()) return line(path, 'link', await readlink(join(dir, path)))
  if (!stat.isFile()) return line(path, 'other')
  const mode = (stat.mode & 0o111) === 0 ? 'file' : 'program'
  return line(path, mode, (await digestFile(join(dir, path))).digest('hex'))
}

const line = (...parts: readonly string[]): string => `${JSON.stringify(parts)}\n`

/** SHA-256 of a regular file; a large one is read in pieces. */
export async function digestFile(path: string): Promise<Hash> {
  const hash = createHash('sha256')
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  if ((await file.stat()).size <= WHOLE_BYTES) return hash.update(await file.readFile())
  for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer)
  return hash
}
