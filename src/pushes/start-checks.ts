import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { endInterruptedOperations } from '../projects/index.ts'
import { listAllInstances } from '../instances/index.ts'
import { mendTree } from '../builds/index.ts'
import type { Database, Folders } from '../storage/index.ts'
import type { Logger } from '../kernel/log.ts'
import { cleanUpAtStart } from './startup-cleanup.ts'
import type { ServerTables } from './schema.ts'

const LOGGED_NAMES = 100

export interface StartChecksDeps {
  readonly db: Database<ServerTables>
  readonly folders: Folders
  readonly log: Logger
  readonly now: () => number
}

/**
 * Makes rows and files agree before anything runs: after a crash, and after a backup was restored. Returns sentences for
 * the operator.
 */
export async function runStartChecks(deps: StartChecksDeps): Promise<string[]> {
  const { db, folders, log, now } = deps
  await endInterruptedOperations(db)
  const aside = await cleanUpAtStart(db, folders, now())
  const notices = aside ? [asideNotice(aside.names.length, aside.folder)] : []
  if (aside)
    log.warn('files that the database does not know were moved', {
      folder: aside.folder,
      names: aside.names.slice(0, LOGGED_NAMES).join(' '),
    })
  return [...notices, ...(await listMissing(deps)), ...(await mendAll(deps))]
}

const asideNotice = (count: number, folder: string) =>
  `The database does not know ${count} files or folders beside it, so they were moved to ${folder}.\nIf a newer backup of the database exists, restore that; if not, delete them when you do not need them.`

async function listMissing({ db, folders }: StartChecksDeps): Promise<string[]> {
  const there = new Set(await readdir(folders.revisions))
  return (await listAllInstances(db))
    .filter(({ buildId }) => !there.has(buildId))
    .map(
      ({ appName, buildId, revisionTag }) =>
        `Revision ${revisionTag} of ${appName} is missing (${folders.revision(buildId)}). Restore it from a backup, or push the app again.`,
    )
}

/** Copied under a strict umask, a revision could not be read by the users that micros run as. */
async function mendAll({ folders, log }: StartChecksDeps): Promise<string[]> {
  const notices: string[] = []
  for (const name of await readdir(folders.revisions)) {
    const dir = join(folders.revisions, name)
    if (await mendTree(dir).catch((error: unknown) => unmendable(notices, dir, error)))
      log.warn('the modes of a revision were mended', { dir })
  }
  return notices
}

function unmendable(notices: string[], dir: string, error: unknown): false {
  notices.push(
    `Apps may not be able to read ${dir}, and its modes cannot be changed (${(error as Error).message}).\nGive the data folder to the user that the server runs as: chown -R <user> <data folder>`,
  )
  return false
}
