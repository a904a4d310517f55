import { type BigIntStats, type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'

export interface ProjectFile {
  /** Relative to the project, with `/`: the name in the archive. */
  readonly path: string
  readonly absolutePath: string
  readonly sizeBytes: number
  /** Differs after a change of the file, unless that follows so soon that the file system's clock has not moved. */
  readonly stamp: string
  /** Of its content, name or mode, by the file system's clock. */
  readonly changedAtMs: number
}

/** Whether `.spaceignore` excludes this path, relative to the project. */
export type IsIgnored = (path: string, isDirectory: boolean) => boolean

/** A file that cannot be pushed, and why. */
interface BadFile {
  readonly path: string
  readonly problem: string
}

/**
 * The files that are pushed, sorted by path. An ignored folder is not entered (COMPAT 2.11). A link to a file is pushed
 * as that file. Throws `bad_file` with every link to a folder (which may lead back to itself), link that is broken or
 * leaves the project (which would upload a file that is not the app's), and name that an archive cannot hold.
 */
export function listProjectFiles(root: string, isIgnored: IsIgnored): ProjectFile[] {
  const realRoot = realpathSync(root)
  const files: ProjectFile[] = []
  const bad: BadFile[] = []
  const enter = (folder: string) => {
    for (const entry of readdirSync(join(realRoot, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (isIgnored(path, entry.isDirectory())) continue
      if (entry.isDirectory()) enter(path)
      else if (!isIgnoredAsFolder(realRoot, path, entry, isIgnored)) add(projectFile(realRoot, path, entry))
    }
  }
  const add = (found: ProjectFile | BadFile) =>
    void ('problem' in found ? bad.push(found) : files.push(found))
  enter('')
  if (bad.length > 0) throw refuse(bad)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** `node_modules/` in an ignore file is meant for a link to such a folder as well. */
function isIgnoredAsFolder(realRoot: string, path: string, entry: Dirent, isIgnored: IsIgnored): boolean {
  return entry.isSymbolicLink() && isIgnored(path, true) && isFolder(join(realRoot, path))
}

function projectFile(realRoot: string, path: string, entry: Dirent): ProjectFile | BadFile {
  const bad = (problem: string) => ({ path, problem })
  if (path.includes('\\')) return bad('has a backslash in its name, which an archive cannot hold')
  const absolutePath = join(realRoot, path)
  if (entry.isSymbolicLink()) return linkedFile(realRoot, path, absolutePath)
  const stat = statSync(absolutePath, { bigint: true })
  if (!stat.isFile()) return bad('is neither a file nor a folder')
  return { path, absolutePath, ...factsOf(stat) }
}

/** A program can set the time of the content, but not the time of the change. */
function factsOf({
  size,
  mtimeNs,
  ctimeNs,
  ino,
}: BigIntStats): Pick<ProjectFile, 'sizeBytes' | 'stamp' | 'changedAtMs'> {
  const changedNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  return {
    sizeBytes: Number(size),
    stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}`,
    changedAtMs: Number(changedNs / 1_000_000n),
  }
}

function linkedFile(realRoot: string, path: string, absolutePath: string): ProjectFile | BadFile {
  const bad = (problem: string) => ({ path, problem })
  const target = realTarget(absolutePath)
  if (target === null) return bad('is a broken link: its target does not exist')
  if (target !== realRoot && !target.startsWith(realRoot + sep))
    return bad(`is a link out of the project, to ${target}`)
  const stat = statSync(target, { bigint: true })
  if (stat.isFile()) return { path, absolutePath: target, ...factsOf(stat) }
  const name = relative(realRoot, target)
  return bad(
    `is a link to ${name ? `the folder ${name}` : 'the project itself'}; only links to files can be pushed`,
  )
}

function realTarget(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

const SHOWN_MAX = 20

function refuse(bad: readonly BadFile[]): CliError {
  const shown = bad.slice(0, SHOWN_MAX)
  const more = bad.length > SHOWN_MAX ? [`… and ${bad.length - SHOWN_MAX} more`] : []
  const sentences = shown.map(({ path, problem }) => printable(`${path} ${problem}`))
  const isOne = bad.length === 1
  return new CliError('bad_file', isOne ? `${sentences[0]}.` : `${bad.length} files cannot be pushed.`, {
    details: isOne ? [] : [...sentences, ...more],
    hints: [
      `Replace ${isOne ? 'it with a copy' : 'them with copies'}, or exclude ${isOne ? 'it' : 'them'} in .spaceignore:`,
      ...shown.map(({ path }) => printable(`  /${path}`)),
    ],
  })
}
