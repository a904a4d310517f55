import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** A file up to this size is read at once. */
const WHOLE_BYTES = 1_000_000
/** Files that are read at the same time. */
const AT_ONCE = 32

/** What is known of a regular file without reading it. */
export interface KnownFile {
  readonly isExecutable: boolean
  /** SHA-256 of its content. */
  readonly digest: string
}

/** By path. */
export type KnownFiles = ReadonlyMap<string, KnownFile>

/**
 * SHA-256 of a folder: the name, kind, executable bit and content of everything below it. Links count by their target
 * and are never followed. Equal for equal trees, wherever they are. `known`: files below `dir` that have not changed
 * since their content was digested; they are not read again.
 */
export async function digestTree(dir: string, known: KnownFiles = new Map()): Promise<string> {
  const hash = createHash('sha256')
  const paths = await listTree(dir, '')
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const lines = paths.slice(at, at + AT_ONCE).map((path) => {
      const file = known.get(path)
      return file ? fileLine(path, file) : describe(dir, path)
    })
    for (const each of await Promise.all(lines)) hash.update(each)
  }
  return hash.digest('hex')
}

/** The files below a folder, by their paths from there. `folder`: `.` for all. */
export function filesBelow(files: KnownFiles, folder: string): KnownFiles {
  if (folder === '.') return files
  const start = `${folder}/`
  return new Map(
    [...files].flatMap(([path, file]) => (path.startsWith(start) ? [[path.slice(start.length), file]] : [])),
  )
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
  const digest = (await digestFile(join(dir, path))).digest('hex')
  return fileLine(path, { isExecutable: (stat.mode & 0o111) !== 0, digest })
}

const fileLine = (path: string, { isExecutable, digest }: KnownFile): string =>
  line(path, isExecutable ? 'program' : 'file', digest)

const line = (...parts: readonly string[]): string => `${JSON.stringify(parts)}\n`

/** SHA-256 of a regular file; a large one is read in pieces. */
export async function digestFile(path: string): Promise<Hash> {
  const hash = createHash('sha256')
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  if ((await file.stat()).size <= WHOLE_BYTES) return hash.update(await file.readFile())
  for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer)
  return hash
}
