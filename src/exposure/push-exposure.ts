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
import type { AppsTables } from '../projects/index.ts'
import { type FrameworkMicro, warnAboutServerActions } from './next-server-actions.ts'

/** A public rule with the mount of its micro. */
export type MountedRoute = ExposedRoute & { readonly mount: string }

/** The public routes that a push opens, closes and keeps. Stored as JSON, and shown unchanged. */
export interface BuildExposure {
  readonly opens: readonly MountedRoute[]
  readonly closes: readonly MountedRoute[]
  readonly keeps: readonly MountedRoute[]
  readonly warnings: readonly ExposureWarning[]
}

/** Compares the micros of a push with those that the builder instance serves now; overrides of its owner apply to both. */
export async function exposureOfPush(
  db: Database<AppsTables>,
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

/** The route with the mount of its micro; `/` for a micro that does not exist any more. */
export const withMount = (route: ExposedRoute, micros: readonly MicroRoutes[]): MountedRoute => ({
  ...route,
  mount: micros.find(({ name }) => name === route.micro)?.mount ?? '/',
})

/** Stores the exposure of a push with its build. */
export async function setBuildExposure(
  db: Database<AppsTables>,
  id: BuildId,
  exposure: BuildExposure,
): Promise<void> {
  await db
    .updateTable('builds')
    .set({ exposure: JSON.stringify(exposure) })
    .where('id', '=', id)
    .execute()
}

/** Null while the push has sent no Spacefile. */
export async function getBuildExposure(db: Database<AppsTables>, id: BuildId): Promise<BuildExposure | null> {
  const row = await db.selectFrom('builds').select('exposure').where('id', '=', id).executeTakeFirst()
  return row?.exposure ? (JSON.parse(row.exposure) as BuildExposure) : null
}
