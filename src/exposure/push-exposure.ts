import {
  type ExposedRoute,
  type ExposureWarning,
  type MicroRoutes,
  compareExposure,
  narrow,
  warnAboutExposure,
} from '../access/index.ts'
import type { Database } from '../storage/index.ts'
import type { AppId, BuildId } from '../kernel/ids.ts'
import { getBuilderInstance, effectiveMicros } from '../instances/index.ts'
import { type FrameworkMicro, warnAboutServerActions } from './next-server-actions.ts'
import type { ExposureTables } from './schema.ts'

/** A public rule with where its micro is mounted. */
export type MountedRoute = ExposedRoute & { readonly mount: string }

/** What a push does to what is public of the app. Stored as JSON, and shown as it is. */
export interface BuildExposure {
  readonly opens: readonly MountedRoute[]
  readonly closes: readonly MountedRoute[]
  readonly keeps: readonly MountedRoute[]
  readonly warnings: readonly ExposureWarning[]
}

/** Compares the micros of a push with what the builder instance serves now; what its owner took back stays so. */
export async function exposureOfPush(
  db: Database<ExposureTables>,
  appId: AppId,
  pushed: readonly (MicroRoutes & FrameworkMicro)[],
): Promise<BuildExposure> {
  const serving = await getBuilderInstance(db, appId)
  const before = serving ? effectiveMicros(serving) : []
  const after = narrow(pushed, serving?.overrides ?? [])
  const { opens, closes, keeps } = compareExposure(before, after)
  return {
    opens: opens.map((route) => withMount(route, after)),
    closes: closes.map((route) => withMount(route, before)),
    keeps: keeps.map((route) => withMount(route, after)),
    warnings: [...warnAboutExposure(after), ...warnAboutServerActions([...opens, ...keeps], pushed)],
  }
}

/** The route with the mount of its micro; `/` for a micro that is gone. */
export const withMount = (route: ExposedRoute, micros: readonly MicroRoutes[]): MountedRoute => ({
  ...route,
  mount: micros.find(({ name }) => name === route.micro)?.mount ?? '/',
})

/** Keeps what a push does, for whoever looks at it later. */
export async function setBuildExposure(
  db: Database<ExposureTables>,
  id: BuildId,
  exposure: BuildExposure,
): Promise<void> {
  await db
    .updateTable('builds')
    .set({ exposure: JSON.stringify(exposure) })
    .where('id', '=', id)
    .execute()
}

/** Null for a push that has sent no Spacefile yet. */
export async function getBuildExposure(
  db: Database<ExposureTables>,
  id: BuildId,
): Promise<BuildExposure | null> {
  const row = await db.selectFrom('builds').select('exposure').where('id', '=', id).executeTakeFirst()
  return row?.exposure ? (JSON.parse(row.exposure) as BuildExposure) : null
}
