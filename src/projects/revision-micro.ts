import type { BuiltMicro } from '../builds/index.ts'
import type { EnvPreset, Spacefile } from '../spacefile/index.ts'

/** A micro of a revision: what its Spacefile grants and asks for, and how it is served. Stored as JSON. */
export interface RevisionMicro {
  readonly name: string
  readonly primary: boolean
  readonly engine: string
  /** `/` or `/api`. */
  readonly mount: string
  readonly apiKeys: boolean
  readonly publicRoutes: readonly string[]
  readonly privateRoutes: readonly string[]
  readonly env: readonly EnvPreset[]
  /** Missing in revisions that were pushed before there was such a field. */
  readonly drainSeconds?: number | null
  readonly built: BuiltMicro
}

/** Joins a Spacefile and what was built from it. Throws when the build left a micro out. */
export function revisionMicros(spacefile: Spacefile, built: readonly BuiltMicro[]): RevisionMicro[] {
  return spacefile.micros.map((micro) => {
    const served = built.find(({ name }) => name === micro.name)
    if (!served) throw new Error(`the build has no micro ${micro.name}`)
    return {
      name: micro.name,
      primary: micro.primary,
      engine: micro.engine.name,
      mount: micro.mount,
      apiKeys: micro.apiKeys,
      publicRoutes: micro.publicRoutes,
      privateRoutes: micro.privateRoutes,
      env: micro.env,
      drainSeconds: micro.drainSeconds,
      built: served,
    }
  })
}
