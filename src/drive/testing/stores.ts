/** Every way in which drives can be stored: the suites run over all of them. */
import type { Database } from '../../storage/index.ts'
import { openDatabase } from '../../storage/index.ts'
import { missingPostgres, startPostgres } from '../../storage/testing/postgres-server.ts'
import { type DriveOptions, type DriveTables, driveMigrations, s3Blobs } from '../index.ts'
import { missingS3, startS3 } from './s3-server.ts'

type StoreOptions = Pick<DriveOptions, 'blobsOf' | 'database'>

export interface Store extends AsyncDisposable {
  readonly options: StoreOptions
}

export interface StoreKind {
  readonly name: string
  /** Why it cannot run here, or null. */
  readonly missing: string | null
  readonly start: () => Promise<Store>
}

export const STORES: readonly StoreKind[] = [
  kind({ postgres: false, s3: false }),
  kind({ postgres: false, s3: true }),
  kind({ postgres: true, s3: false }),
  kind({ postgres: true, s3: true }),
]

for (const { name, missing } of STORES)
  if (missing !== null) console.warn(`SKIPPED: drives on ${name}. ${missing}`)

function kind(use: { readonly postgres: boolean; readonly s3: boolean }): StoreKind {
  return {
    name: `${use.postgres ? 'PostgreSQL' : 'SQLite'} and ${use.s3 ? 'S3' : 'the disk'}`,
    missing: (use.postgres ? missingPostgres : null) ?? (use.s3 ? missingS3 : null),
    async start() {
      await using parts = new AsyncDisposableStack()
      const options: { -readonly [Key in keyof StoreOptions]: StoreOptions[Key] } = {}
      if (use.postgres) {
        const server = parts.use(await startPostgres())
        const database: Database<DriveTables> = await openDatabase(server.url('postgres'), driveMigrations)
        parts.defer(() => database.destroy())
        options.database = database
      }
      if (use.s3) {
        const { store } = parts.use(await startS3())
        options.blobsOf = (id) => s3Blobs({ store, prefix: `collections/${id}/`, requestMs: 30_000 })
      }
      const kept = parts.move()
      return { options, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() }
    },
  }
}
