import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildId } from '../kernel/ids.ts'

/** Where things of a deployment lie (ARCHITECTURE, data folder). Absolute paths. */
export interface Folders {
  readonly uploads: string
  readonly revisions: string
  readonly logs: string
  /** What this database does not know. Not there until something is moved to it. */
  readonly setAside: string
  upload(build: BuildId): string
  manifest(build: BuildId): string
  icon(build: BuildId): string
  archive(build: BuildId): string
  revision(build: BuildId): string
}

/** Makes the folders that are missing. Only revisions may be passed through by the users that micros run as. */
export function openFolders(dataDir: string): Folders {
  const make = (name: string, mode: number) => {
    const path = join(dataDir, name)
    mkdirSync(path, { recursive: true, mode })
    chmodSync(path, mode)
    return path
  }
  const uploads = make('uploads', 0o700)
  const revisions = make('revisions', 0o711)
  return {
    uploads,
    revisions,
    logs: make('build-logs', 0o700),
    setAside: join(dataDir, 'set-aside'),
    upload: (build) => join(uploads, build),
    manifest: (build) => join(uploads, build, 'Spacefile'),
    icon: (build) => join(uploads, build, 'icon'),
    archive: (build) => join(uploads, build, 'archive.zip'),
    revision: (build) => join(revisions, build),
  }
}
