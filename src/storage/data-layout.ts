import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildId } from '../kernel/ids.ts'

/** Where things of a deployment lie (ARCHITECTURE, data folder). Absolute paths. */
export interface Folders {
  readonly uploads: string
  readonly revisions: string
  readonly logs: string
  /** One folder for each collection, opened by the process that serves data alone. */
  readonly collections: string
  /** What this database does not know. Not there until something is moved to it. */
  readonly setAside: string
  upload(build: BuildId): string
  /** The Spacefile as it came. */
  manifest(build: BuildId): string
  /** The same, parsed, as JSON. */
  spacefile(build: BuildId): string
  icon(build: BuildId): string
  archive(build: BuildId): string
  revision(build: BuildId): string
}

export interface FolderOptions {
  /** Whether the users that micros run as must be able to walk through; then every user of the machine can. */
  readonly walkable: boolean
}

/**
 * Makes the folders that are missing, and closes those that an earlier version or a copy left open: below them, files
 * can be read by the users that micros and builds run as, and so by every user of the machine who gets there.
 */
export function openFolders(dataDir: string, { walkable }: FolderOptions = { walkable: false }): Folders {
  const make = (name: string, mode = 0o700) => {
    const path = join(dataDir, name)
    mkdirSync(path, { recursive: true, mode })
    chmodSync(path, mode)
    return path
  }
  const walked = walkable ? 0o711 : 0o700
  const uploads = make('uploads')
  const revisions = make('revisions', walked)
  make('cache', walked)
  make('logs')
  return {
    uploads,
    revisions,
    logs: make('build-logs', 0o700),
    collections: make('collections'),
    setAside: join(dataDir, 'set-aside'),
    upload: (build) => join(uploads, build),
    manifest: (build) => join(uploads, build, 'Spacefile'),
    spacefile: (build) => join(uploads, build, 'spacefile.json'),
    icon: (build) => join(uploads, build, 'icon'),
    archive: (build) => join(uploads, build, 'archive.zip'),
    revision: (build) => join(revisions, build),
  }
}
