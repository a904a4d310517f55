import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { CliError } from '../failure.ts'

export interface ProjectFile {
  /** Below the project, with `/`: the name in the archive. */
  readonly path: string
  readonly absolutePath: string
  readonly sizeBytes: number
}

/** Whether `.spaceignore` leaves out this path below the project. */
export type IsIgnored = (path: string, isDirectory: boolean) => boolean

/**
 * The files that are pushed, sorted by path. An ignored folder is not entered (COMPAT 2.11). A link to a file counts
 * as that file; a link to a folder, into nothing or out of the project is an error, because what it stands for cannot
 * be in the archive or would carry away a file that is none of the app's.
 */
export function listProjectFiles(root: string, isIgnored: IsIgnored): ProjectFile[] {
  const realRoot = realpathSync(root)
  const files: ProjectFile[] = []
  const enter = (folder: string) => {
    for (const entry of readdirSync(join(realRoot, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (isIgnored(path, entry.isDirectory())) continue
      if (entry.isDirectory()) enter(path)
      else files.push(projectFile(realRoot, path, entry))
    }
  }
  enter('')
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function projectFile(realRoot: string, path: string, entry: Dirent): ProjectFile {
  const absolutePath = entry.isSymbolicLink() ? linkTarget(realRoot, path) : join(realRoot, path)
  const stat = statSync(absolutePath)
  if (!stat.isFile()) throw refuse(path, 'is neither a file nor a folder')
  if (path.includes('\\')) throw refuse(path, 'has a backslash in its name, which archives cannot carry')
  return { path, absolutePath, sizeBytes: stat.size }
}

function linkTarget(realRoot: string, path: string): string {
  const target = realTarget(join(realRoot, path))
  if (target === null) throw refuse(path, 'is a link that leads nowhere')
  if (!target.startsWith(realRoot + sep)) throw refuse(path, `is a link out of the project, to ${target}`)
  if (statSync(target).isDirectory())
    throw refuse(path, 'is a link to a folder, which an archive cannot carry')
  return target
}

function realTarget(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

const refuse = (path: string, problem: string) =>
  new CliError('bad_file', `${path} ${problem}.`, {
    hints: ['Replace it by what it stands for, or leave it out: add a line to .spaceignore:', `  /${path}`],
  })
