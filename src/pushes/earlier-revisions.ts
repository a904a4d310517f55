import { readFile } from 'node:fs/promises'
import type { BuildInput } from '../builds/index.ts'
import type { ExposureTables } from '../exposure/index.ts'
import { getBuilderInstance } from '../instances/index.ts'
import type { BuildId } from '../kernel/ids.ts'
import { type App, type Build, listRevisions } from '../projects/index.ts'
import type { Database, Folders } from '../storage/index.ts'

/** More revisions than these are not asked whether they have a micro from the same inputs. */
const ASKED = 20

/** Earlier code of an app, from which a build may take micros. */
export interface EarlierCode extends Pick<BuildInput, 'earlier' | 'serving'> {
  /** The build whose code serves. */
  readonly servingId?: BuildId
}

/** The revision that serves comes first: a push that changes nothing leaves it where it is. */
export async function findEarlierCode(
  db: Database<ExposureTables>,
  folders: Folders,
  { app, build }: { readonly app: App; readonly build: Build },
): Promise<EarlierCode> {
  const instance = await getBuilderInstance(db, app.id)
  const revisions = await listRevisions(db, app.id, ASKED)
  const ids = [...(instance ? [instance.buildId] : []), ...revisions.map(({ id, codeOf }) => codeOf ?? id)]
  const earlier = [...new Set(ids)].map((id) => folders.revision(id))
  if (!instance || !(await hasSameIcon(folders, instance.buildId, build.id))) return { earlier }
  return { earlier, serving: folders.revision(instance.buildId), servingId: instance.buildId }
}

/** The icon is shown from the build whose code serves, and may be left out of the upload by .spaceignore. */
async function hasSameIcon(folders: Folders, serving: BuildId, pushed: BuildId): Promise<boolean> {
  const [before, after] = await Promise.all([serving, pushed].map((id) => readIcon(folders.icon(id))))
  return before === after
}

const readIcon = (path: string): Promise<string | null> => readFile(path, 'base64').catch(() => null)
