import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AppsTables, endInterruptedOperations } from '../projects/index.ts'
import { listAllInstances } from '../instances/index.ts'
import { repairPermissions } from '../builds/index.ts'
import type { Database, Folders } from '../storage/index.ts'
import type { Logger } from '../kernel/log.ts'
import { cleanUpAtStart } from './startup-cleanup.ts'

const LOGGED_NAMES = 100

export interface StartChecksDeps {
  readonly db: Database<AppsTables>
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
  return [...notices, ...(await listMissing(deps)), ...(await repairAll(deps))]
}

const asideNotice = (count: number, folder: string) =>
  `The database does not know ${count} files or folders beside it, so they were moved to ${folder}.\nIf a newer backup of the database exists, restore that; if not, delete them when you do not need them.`

async function listMissing({ db, folders }: StartChecksDeps): Promise<string[]> {
  const there = new Set(await readdir(folders.revisions))
  return (await listAllInstances(db))
    .filter(({ buildId }) => !there.has(buildId))
    .map(
      ({ appName, buildId, revisionTag }) =>
        `Revision ${revisionTag} of ${appName} is missing (${folders.revision(buildId)}). Restore it from a backup, or run in the app's folder: space push`,
    )
}

/** A revision that was copied under a strict umask is not readable for the users that micros run as. */
async function repairAll({ folders, log }: StartChecksDeps): Promise<string[]> {
  const notices: string[] = []
  for (const name of await readdir(folders.revisions)) {
    const dir = join(folders.revisions, name)
    if (await repairPermissions(dir).catch((error: unknown) => unrepairable(notices, dir, error)))
      log.warn('the permissions of a revision were repaired', { dir })
  }
  return notices
}

function unrepairable(notices: string[], dir: string, error: unknown): false {
  notices.push(
    `Apps may not be able to read ${dir}, and its permissions cannot be changed (${(error as Error).message}).\nGive the data folder to the user that the server runs as: chown -R <user> <data folder>`,
  )
  return false
}
